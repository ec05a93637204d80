//! `--then` and `--then-file`: the further posts of an announcement, in the order in which the command line names them.

use std::ops::Range;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

const TEXT: &str = "then";
const FILE: &str = "then_file";

/// Where the text of a further post is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Text(String),
    File(PathBuf),
}

/// The further posts, and where each stands on the command line: what is named behind one belongs to it.
#[derive(Debug, Default)]
pub(super) struct Further {
    pub(super) posts: Vec<Source>,
    /// How many pictures, descriptions and focal points are named before each post and behind the last.
    images: Vec<usize>,
    alts: Vec<usize>,
    focuses: Vec<usize>,
}

impl Further {
    /// Which of the pictures, descriptions and focal points belong to a post, counted from 0 for the first.
    pub(super) fn pictures_of(&self, post: usize) -> [Range<usize>; 3] {
        [&self.images, &self.alts, &self.focuses].map(|counts| {
            let from: usize = counts.iter().take(post).sum();
            from..from + counts.get(post).copied().unwrap_or(0)
        })
    }
}

/// Where an argument stands each time that it is named.
fn places(matches: &ArgMatches, name: &str) -> Vec<usize> {
    matches
        .indices_of(name)
        .map(Iterator::collect)
        .unwrap_or_default()
}

impl clap::FromArgMatches for Further {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let texts = matches.get_many::<String>(TEXT).into_iter().flatten();
        let files = matches.get_many::<PathBuf>(FILE).into_iter().flatten();
        let texts = places(matches, TEXT)
            .into_iter()
            .zip(texts.cloned().map(Source::Text));
        let files = places(matches, FILE)
            .into_iter()
            .zip(files.cloned().map(Source::File));
        let mut posts: Vec<(usize, Source)> = texts.chain(files).collect();
        posts.sort_by_key(|(at, _)| *at);
        let counted = |name: &str| {
            let mut counts = vec![0; posts.len() + 1];
            for place in places(matches, name) {
                let post = posts.iter().filter(|(at, _)| *at < place).count();
                if let Some(count) = counts.get_mut(post) {
                    *count += 1;
                }
            }
            counts
        };
        Ok(Self {
            images: counted("images"),
            alts: counted("alts"),
            focuses: counted("focuses"),
            posts: posts.into_iter().map(|(_, source)| source).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Further {
    fn augment_args(command: Command) -> Command {
        command
            .arg(
                Arg::new(TEXT)
                    .long("then")
                    .value_name("MARKDOWN")
                    .action(ArgAction::Append)
                    .allow_hyphen_values(true)
                    .conflicts_with("reply_to")
                    .help("A further post, which answers the one before and goes out with it; may be repeated. Pictures named behind it are its own"),
            )
            .arg(
                Arg::new(FILE)
                    .long("then-file")
                    .value_name("FILE.md")
                    .action(ArgAction::Append)
                    .value_parser(value_parser!(PathBuf))
                    .conflicts_with("reply_to")
                    .help("A file that holds the text of a further post; may be repeated"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, FromArgMatches as _};

    fn parsed(arguments: &[&str]) -> Further {
        let many = |name: &'static str, long: &'static str| {
            Arg::new(name).long(long).action(ArgAction::Append)
        };
        let command = Command::new("announce")
            .no_binary_name(true)
            .arg(many("images", "image"))
            .arg(many("alts", "alt"))
            .arg(many("focuses", "focus"))
            .arg(many("reply_to", "reply-to"));
        let command = Further::augment_args(command);
        let matches = command.try_get_matches_from(arguments).unwrap();
        Further::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn posts_stand_in_the_order_of_the_command_line_whatever_their_source() {
        let further = parsed(&["--then", "a", "--then-file", "b.md", "--then", "-c"]);
        assert_eq!(
            further.posts,
            [
                Source::Text("a".to_owned()),
                Source::File("b.md".into()),
                Source::Text("-c".to_owned())
            ]
        );
    }

    #[test]
    fn a_picture_belongs_to_the_post_behind_which_it_is_named() {
        let further = parsed(&[
            "--image", "1", "--alt", "one", "--then", "a", "--then", "b", "--image", "2",
            "--image", "3", "--alt", "two", "--alt", "three", "--focus", "0,0",
        ]);
        assert_eq!(further.pictures_of(0), [0..1, 0..1, 0..0]);
        assert_eq!(further.pictures_of(1), [1..1, 1..1, 0..0]);
        assert_eq!(further.pictures_of(2), [1..3, 1..3, 0..1]);
        assert_eq!(parsed(&[]).pictures_of(0), [0..0, 0..0, 0..0]);
    }
}
