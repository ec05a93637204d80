//! What cannot be done is said in one sentence, with a status that is not zero and nothing on the standard output.

use super::announcements::picture;
use super::stage::{Stage, on_each};
use crate::process::Installation;

on_each! {
    async fn what_cannot_be_done_is_said_in_one_sentence(stage: &Stage) {
        let said = stage.announce(&["--text", "The pool opens."]);
        let url = said["url"].as_str().unwrap();
        let withdrawn = stage.announce(&["--text", "Too early."]);
        let withdrawn = withdrawn["url"].as_str().unwrap();
        stage.home.run(&["withdraw", withdrawn, "--reason", "It was too early."]);
        let unknown = format!("{}/@water/1", stage.home.base());
        let file = |name: &str, content: &[u8]| {
            let path = stage.home.folder().join(name);
            std::fs::write(&path, content).unwrap();
            path.display().to_string()
        };
        let garbage = file("garbage.png", b"no picture");
        let latin = file("latin.md", b"\xe4\xe4");
        let empty = file("empty.md", b" \n ");
        let map = picture(stage, "map.png", 30, 20);
        let long = "Word. ".repeat(1000);
        let table: &[(&[&str], &str)] = &[
            (&["agency", "create", "water", "--name", "Again"], "water"),
            (&["agency", "create", "city water", "--name", "Spaces"], "a handle is"),
            (&["agency", "create", "gas"], "--name"),
            (&["agency", "create", "gas", "--name", " "], "name"),
            (&["agency", "create", "gas", "--name", "Gas", "--link", "nothing"], "--link"),
            (&["agency", "create", "gas", "--name", "Gas", "--avatar", &garbage], "garbage.png"),
            (&["agency", "create", "gas", "--name", "Gas", "--avatar-alt", "A flame"], "a description needs the picture"),
            (&["agency", "show", "gas"], "gas"),
            (&["agency", "edit", "gas", "--name", "Gas"], "gas"),
            (&["agency", "edit", "water"], "nothing to change was named"),
            (&["agency", "edit", "water", "--accent", "blue"], "blue"),
            (&["agency", "rotate-keys", "gas"], "gas"),
            (&["announce", "gas", "--text", "Hello"], "gas"),
            (&["announce", "water"], "--text"),
            (&["announce", "water", "--text", "  "], "text"),
            (&["announce", "water", "--text", &long], "5000"),
            (&["announce", "water", "--text", "x", "--file", &empty], "--file"),
            (&["announce", "water", "--file", &empty], "text"),
            (&["announce", "water", "--file", "/nowhere/x.md"], "cannot read /nowhere/x.md"),
            (&["announce", "water", "--file", &latin], "is not text in UTF-8"),
            (&["announce", "water", "--text", "x", "--language", "no language"], "language"),
            (&["announce", "water", "--text", "x", "--image", &map], "every --image needs an --alt"),
            (&["announce", "water", "--text", "x", "--image", &map, "--alt", " "], "map.png"),
            (&["announce", "water", "--text", "x", "--image", &garbage, "--alt", "A map"], "garbage.png"),
            (&["announce", "water", "--text", "x", "--image", "/nowhere/x.png", "--alt", "A map"], "cannot read /nowhere/x.png"),
            (&["announce", "water", "--text", "x", "--image", &map, "--alt", "A map", "--focus", "2,2"], "--focus"),
            (&["announce", "water", "--text", "x", "--reply-to", "https://example.org/1"], "is no public reply that arrived here"),
            (&["announce", "water", "--text", "x", "--reply-to", withdrawn], "was withdrawn"),
            (&["announce", "water", "--text", "x", "--reply-to", &unknown], "no such announcement"),
            (&["edit", url], "nothing to change was named"),
            (&["edit", url, "--text", " "], "text"),
            (&["edit", url, "--pin", "--unpin"], "--unpin"),
            (&["edit", withdrawn, "--text", "x"], "withdrawn"),
            (&["edit", &unknown, "--text", "x"], "no such announcement"),
            (&["edit", "https://example.org/1", "--text", "x"], "is not on this server"),
            (&["withdraw", url], "--reason"),
            (&["withdraw", url, "--reason", " "], "reason"),
            (&["withdraw", withdrawn, "--reason", "Again"], "withdrawn"),
            (&["withdraw", &unknown, "--reason", "x"], "no such announcement"),
            (&["followers", "gas"], "gas"),
            (&["replies", &unknown], "no such announcement"),
            (&["replies", "nonsense"], "nonsense"),
            (&["deliveries", "retry"], "--all"),
            (&["deliveries", "retry", "4711"], "no delivery 4711 has failed"),
            (&["inbox", "retry", "4711"], "no activity 4711 was set aside"),
            (&["backup", "/nowhere/backup.db"], "cannot write the backup /nowhere/backup.db"),
            (&["config", "chek"], "chek"),
            (&["announce", "water", "--text", "x", "--listen", "everywhere"], "everywhere"),
            (&["announce", "water", "--text", "x", "--config", "/nowhere/x.toml"], "/nowhere/x.toml"),
            (&["announce", "water", "--text", "x", "--url", "http://other.localhost:1"], "http://other.localhost:1"),
        ];
        for (arguments, sentence) in table {
            let said = stage.home.refuses(arguments);
            assert!(said.contains(sentence), "{arguments:?}: {said}");
        }
        assert_eq!(stage.home.run(&["agency", "list", "--json"]).as_array().unwrap().len(), 1, "nothing was done");

        stage.close();
        for (backup, sentence) in [("/nowhere/backup.db", "cannot restore /nowhere/backup.db"), (garbage.as_str(), "garbage.png is not a backup of Actapub")] {
            let said = stage.home.refuses(&["restore", backup]);
            assert!(said.contains(sentence), "{said}");
        }
        assert_eq!(stage.home.run(&["agency", "list", "--json"]).as_array().unwrap().len(), 1, "nothing was lost");
    }
}

/// A misspelt place for the data is said to be none: nothing is made there.
#[test]
fn where_there_is_no_data_nothing_is_made() {
    let home = Installation::new();
    let data = home.folder().join("misspelt");
    let folder = data.display().to_string();
    let page = format!("{}/@water/1", home.base());
    let file = home.folder().join("backup.db").display().to_string();
    let commands: &[&[&str]] = &[
        &["agency", "list"],
        &["agency", "show", "water"],
        &["agency", "edit", "water", "--name", "Water"],
        &["agency", "rotate-keys", "water"],
        &["announce", "water", "--text", "Hello"],
        &["edit", &page, "--text", "Hello"],
        &["withdraw", &page, "--reason", "Wrong"],
        &["followers", "water"],
        &["replies", &page],
        &["deliveries"],
        &["deliveries", "retry", "--all"],
        &["inbox"],
        &["inbox", "retry", "--all"],
        &["backup", &file],
        &["migrate"],
    ];
    for command in commands {
        let mut command = command.to_vec();
        command.extend(["--data", &folder]);
        let said = home.refuses(&command);
        assert!(
            said.contains("there is no database at") && said.contains("misspelt"),
            "{command:?}: {said}"
        );
        assert!(!data.exists(), "{command:?}");
    }
    home.run(&[
        "agency", "create", "water", "--name", "Water", "--data", &folder,
    ]);
    assert!(data.exists());
    home.run(&["agency", "list", "--data", &folder]);
}
