//! What a setting is, and the macro that makes structs, names, defaults and documentation of one table.

use super::problem::Source;
use super::sources::Given;

/// One setting: everything that is known about it except its value.
#[derive(Debug)]
pub struct Setting {
    /// The TOML table it stands in; empty for those at the top of the file.
    pub section: &'static str,
    pub name: &'static str,
    /// Section and name: `federation.allow_private`.
    pub key: &'static str,
    /// What it means, as Markdown, a line break after each line.
    pub doc: &'static str,
    /// What a value looks like, in words.
    pub shape: &'static str,
    pub form: Form,
    pub absent: Absent,
    pub example: &'static str,
    /// Makes a value fit to be shown.
    pub(super) mask: fn(&str) -> String,
}

/// How a value stands in TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `"quoted"`
    Text,
    /// A number, `true` or `false`.
    Bare,
    /// `["of", "texts"]`; separated by commas elsewhere.
    List,
}

/// What holds when nobody gives a value.
#[derive(Debug, Clone, Copy)]
pub enum Absent {
    /// This value.
    Is(&'static str),
    /// A value that other settings decide; in words for the documentation.
    Follows(fn(&Given) -> String, &'static str),
    /// No value; in words what that means.
    Means(&'static str),
}

impl Setting {
    /// `ACTAPUB_FEDERATION_ALLOW_PRIVATE`
    pub fn variable(&self) -> String {
        variable(self.key)
    }

    /// A text as it is written behind `key =` in the file.
    pub fn toml(&self, text: &str) -> String {
        match self.form {
            Form::Bare => text.to_owned(),
            Form::Text => quoted(text),
            Form::List => {
                let items: Vec<_> = items(text).map(quoted).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }

    /// The example, as somebody would write it in the place where the wrong value came from.
    pub(super) fn example_for(&self, source: &Source) -> String {
        match source {
            Source::Flag => format!("--{} {}", self.name, self.example),
            Source::Environment => format!("{}={}", self.variable(), self.example),
            Source::File { .. } | Source::Default => {
                format!("{} = {}", self.key, self.toml(self.example))
            }
        }
    }
}

/// A key's environment variable.
pub(super) fn variable(key: &str) -> String {
    format!("ACTAPUB_{}", key.replace('.', "_").to_ascii_uppercase())
}

/// The items of a list that is written with commas.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// What can be a setting's value: read from text, whatever place the text came from.
pub(super) trait Value: Sized {
    /// In words, after "write": "a whole number".
    const SHAPE: &'static str;
    const FORM: Form = Form::Text;

    /// Errors are the rest of a sentence that begins with the key: "is not a whole number".
    fn read(text: &str) -> Result<Self, String>;

    /// The value of a setting that has neither value nor default.
    fn absent() -> Option<Self> {
        None
    }

    /// The text without what nobody should read over a shoulder.
    fn mask(text: &str) -> String {
        text.to_owned()
    }
}

impl<T: Value> Value for Option<T> {
    const SHAPE: &'static str = T::SHAPE;
    const FORM: Form = T::FORM;

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Ok(None)
        } else {
            T::read(text).map(Some)
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn mask(text: &str) -> String {
        T::mask(text)
    }
}

/// Turns the table of settings into the structs that the server reads, the list that documentation and
/// environment are made of, and the code that fills the structs. A key is written once: as a field's name.
macro_rules! settings {
    (
        $(#[doc = $top_doc:literal])+
        Config {
            $( $(#[doc = $doc:literal])+ $name:ident: $kind:ty = $absent:expr, like $example:literal; )+
        }
        $(
            $(#[doc = $section_doc:literal])+
            $section:ident: $Section:ident {
                $( $(#[doc = $in_doc:literal])+ $in_name:ident: $in_kind:ty = $in_absent:expr, like $in_example:literal; )+
            }
        )+
    ) => {
        $(#[doc = $top_doc])+
        #[derive(Debug, Clone)]
        pub struct Config {
            $( $(#[doc = $doc])+ pub $name: $kind, )+
            $( $(#[doc = $section_doc])+ pub $section: $Section, )+
        }

        $(
            $(#[doc = $section_doc])+
            #[derive(Debug, Clone)]
            pub struct $Section {
                $( $(#[doc = $in_doc])+ pub $in_name: $in_kind, )+
            }
        )+

        /// Every setting, in the order of the documentation.
        pub static SETTINGS: &[Setting] = &[
            $( Setting {
                section: "",
                name: stringify!($name),
                key: stringify!($name),
                doc: concat!($($doc, "\n"),+),
                shape: <$kind as Value>::SHAPE,
                form: <$kind as Value>::FORM,
                absent: $absent,
                example: $example,
                mask: <$kind as Value>::mask,
            }, )+
            $($( Setting {
                section: stringify!($section),
                name: stringify!($in_name),
                key: concat!(stringify!($section), ".", stringify!($in_name)),
                doc: concat!($($in_doc, "\n"),+),
                shape: <$in_kind as Value>::SHAPE,
                form: <$in_kind as Value>::FORM,
                absent: $in_absent,
                example: $in_example,
                mask: <$in_kind as Value>::mask,
            }, )+)+
        ];

        /// Every section and what it is about, in the same order.
        pub static SECTIONS: &[(&str, &str)] = &[
            $( (stringify!($section), concat!($($section_doc, "\n"),+)), )+
        ];

        impl Config {
            /// `None` if any value is wrong; `values` has then noted which, and why.
            pub(super) fn build(values: &mut Values<'_>) -> Option<Self> {
                $( let $name = values.read(stringify!($name)); )+
                $( let $section = $Section::build(values); )+
                Some(Self { $( $name: $name?, )+ $( $section: $section?, )+ })
            }
        }

        $( impl $Section {
            fn build(values: &mut Values<'_>) -> Option<Self> {
                $( let $in_name = values.read(concat!(stringify!($section), ".", stringify!($in_name))); )+
                Some(Self { $( $in_name: $in_name?, )+ })
            }
        } )+
    };
}
pub(super) use settings;
