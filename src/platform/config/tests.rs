//! What holds when several places name a setting, and what is refused with which words.

use std::ffi::OsString;

use super::*;

fn environment(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
    variables.iter().map(owned).collect()
}

/// Loads with flags, variables and, if it is not empty, a file of this text.
fn load(
    flags: &[(&'static str, &str)],
    variables: &[(&str, &str)],
    file: &str,
) -> Result<Loaded, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("actapub.toml");
    std::fs::write(&path, file).unwrap();
    let mut sources = Sources::default()
        .environment(environment(variables))
        .file((!file.is_empty()).then_some(path));
    for (key, value) in flags {
        sources = sources.flag(key, *value);
    }
    let shorter = |refused: Refused| {
        let folder = format!("{}/", folder.path().display());
        refused.to_string().replace(&folder, "")
    };
    sources.load().map_err(shorter)
}

fn refusal(flags: &[(&'static str, &str)], variables: &[(&str, &str)], file: &str) -> String {
    load(flags, variables, file).unwrap_err()
}

#[test]
fn it_starts_without_any_configuration() {
    let loaded = load(&[], &[], "").unwrap();
    let config = &loaded.config;
    assert_eq!(config.url.as_str(), "http://localhost:8080/");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.to_string(), "sqlite:data/actapub.db");
    assert_eq!(config.database_connections.get(), 16);
    assert_eq!(config.about.name, "localhost");
    assert!(!config.federation.allow_private && config.metrics.listen.is_none());
    assert!(loaded.warnings.is_empty());
    assert!(
        SETTINGS
            .iter()
            .all(|setting| loaded.is_default(setting.key))
    );
}

#[test]
fn a_flag_stands_over_the_environment_and_that_over_the_file() {
    let file = "listen = '127.0.0.1:1'\ndata = 'f'\n[log]\nformat = 'json'";
    let variables = [("ACTAPUB_LISTEN", "127.0.0.1:2"), ("ACTAPUB_DATA", "e")];
    let loaded = load(&[("listen", "127.0.0.1:3")], &variables, file).unwrap();
    assert_eq!(loaded.config.listen.port(), 3);
    assert_eq!(loaded.config.data.to_str(), Some("e"));
    assert_eq!(loaded.config.log.format, LogFormat::Json);
    assert_eq!(
        loaded.config.url.port(),
        Some(3),
        "what follows from it follows the flag"
    );
    let sources: Vec<_> = loaded
        .effective()
        .iter()
        .filter(|one| one.source != Source::Default)
        .map(|one| {
            (
                one.setting.key,
                one.text.as_deref().unwrap(),
                one.source.clone(),
            )
        })
        .collect();
    assert_eq!(sources.len(), 3);
    assert_eq!(sources[0], ("listen", "127.0.0.1:3", Source::Flag));
    assert_eq!(sources[1], ("data", "e", Source::Environment));
    assert!(matches!(
        &sources[2],
        ("log.format", "json", Source::File { line: 4, .. })
    ));
}

#[test]
fn every_default_and_every_example_is_a_value() {
    for setting in SETTINGS
        .iter()
        .filter(|setting| setting.key != "federation.extra_ca")
    {
        let local = [("ACTAPUB_URL", "http://localhost")];
        let provider = [
            ("ACTAPUB_OIDC_ISSUER", "https://login.city.gov"),
            ("ACTAPUB_OIDC_CLIENT_ID", "actapub"),
        ];
        let sender = [("ACTAPUB_MAIL_FROM", "desk@city.gov")];
        let file = format!("{} = {}", setting.key, setting.toml(setting.example));
        // Some make sense only beside others.
        let variables: &[_] = match setting.key {
            "federation.allow_private" => &local,
            "oidc.issuer" => &provider[1..],
            "oidc.passwords" => &provider,
            "mail.server" | "mail.server_file" => &sender,
            _ => &[],
        };
        if let Err(error) = load(&[], variables, &file) {
            panic!("the file's `{file}`: {error}");
        }
        let variable = setting.variable();
        let mut variables = variables.to_vec();
        variables.push((&variable, setting.example));
        if let Err(error) = load(&[], &variables, "") {
            panic!("{variable}={}: {error}", setting.example);
        }
    }
}

#[test]
fn the_file_holds_numbers_truths_and_lists() {
    let file = "database_connections = 0x2_0\ntrusted_proxies = ['10.0.0.0/8', '::1']\nfederation.allow_private = true";
    let config = load(&[], &[], file).unwrap().config;
    assert_eq!(config.database_connections.get(), 32);
    assert!(config.trusted_proxies.contains("10.1.2.3".parse().unwrap()));
    assert!(config.federation.allow_private);
}

#[test]
fn a_refusal_names_key_place_reason_and_example() {
    let public = ("url", "https://social.city.gov");
    for (flags, variables, file, words) in [
        (
            vec![("listen", "8080")],
            vec![],
            "",
            "--listen (command line) is `8080`, which is not an IP address and a port; for example `--listen 0.0.0.0:8080`",
        ),
        (
            vec![],
            vec![("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "yes")],
            "",
            "ACTAPUB_FEDERATION_ALLOW_PRIVATE (environment) is `yes`, which is neither `true` nor `false`; \
             for example `ACTAPUB_FEDERATION_ALLOW_PRIVATE=true`",
        ),
        (
            vec![],
            vec![],
            "\n[limits]\nbody = 'much'",
            "limits.body (actapub.toml, line 3) is `much`, which is not a size; for example `limits.body = \"2MiB\"`",
        ),
        (
            vec![],
            vec![],
            "[limits]\nbody = 1.5",
            "limits.body (actapub.toml, line 2) cannot be a TOML float; for example `limits.body = \"2MiB\"`",
        ),
        (
            vec![],
            vec![("ACTAPUB_LISTENS", "x")],
            "",
            "ACTAPUB_LISTENS (environment) is not a setting; for example `ACTAPUB_LISTEN=0.0.0.0:8080` would be",
        ),
        (
            vec![],
            vec![],
            "[federation]\nallow_privat = true",
            "federation.allow_privat (actapub.toml, line 2) is not a setting; for example `federation.allow_private = true` would be",
        ),
        (
            vec![],
            vec![],
            "[fedaration]\nallow_private = true",
            "fedaration (actapub.toml, line 1) is not a setting",
        ),
        (
            vec![],
            vec![],
            "log = 'info'",
            "log (actapub.toml, line 1) is not a setting; for example `log.",
        ),
        (
            vec![],
            vec![],
            "listen = 'a'\nlisten",
            "the configuration file actapub.toml, line 2, is not TOML: ",
        ),
        (
            vec![],
            vec![("DANGER_FEDERATION_ALLOW_LOCAL_IP", "")],
            "",
            "DANGER_FEDERATION_ALLOW_LOCAL_IP is set",
        ),
        (
            vec![public],
            vec![("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "true")],
            "",
            "ACTAPUB_FEDERATION_ALLOW_PRIVATE (environment) would let other servers make social.city.gov call machines",
        ),
        (
            vec![],
            vec![],
            "limits.text = 100",
            "limits.text_warning (default) is 500, and more than limits.text, which is 100",
        ),
        (
            vec![],
            vec![("ACTAPUB_METRICS_LISTEN", "127.0.0.1:8080")],
            "",
            "ACTAPUB_METRICS_LISTEN (environment) is 127.0.0.1:8080, where the public server listens already",
        ),
        (
            vec![("database", "mysql://a:s3cret@b/c")],
            vec![],
            "",
            "--database (command line) begins neither with",
        ),
    ] {
        let refusal = refusal(&flags, &variables, file);
        assert!(
            refusal.starts_with(words),
            "{refusal}\ndoes not begin with\n{words}"
        );
        assert!(
            !refusal.contains('\n') && !refusal.contains("s3cret"),
            "{refusal}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let refusal = refusal(
        &[("listen", "x")],
        &[("ACTAPUB_NONSENSE", "")],
        "data = 1.0",
    );
    for key in [
        "--listen",
        "ACTAPUB_NONSENSE",
        "data (actapub.toml, line 1)",
    ] {
        assert!(refusal.contains(key), "{key} is missing from {refusal}");
    }
}

#[test]
fn what_only_tests_read_is_let_be() {
    let variables = [
        ("ACTAPUB_TEST_ALL", "1"),
        ("ACTAPUB_TEST_POSTGRES", "postgres://"),
        ("ACTAPUB_CORPUS", "x"),
        ("ACTAPUB_RENDER_DIR", "x"),
        ("PATH", "/bin"),
    ];
    assert!(load(&[], &variables, "").is_ok());
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let variables = environment(&[("ACTAPUB_CONFIG", "/nowhere/actapub.toml")]);
    let refused = Sources::default()
        .environment(variables)
        .load()
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("cannot read the configuration file /nowhere/actapub.toml: "),
        "{refused}"
    );
}

#[test]
fn private_addresses_are_allowed_on_one_machine_with_a_warning() {
    for url in [
        "http://127.0.0.1:8080",
        "http://localhost",
        "https://water.test",
        "http://a.localhost:1",
    ] {
        let loaded = load(
            &[("url", url)],
            &[("ACTAPUB_FEDERATION_ALLOW_PRIVATE", "true")],
            "",
        )
        .unwrap();
        assert_eq!(loaded.warnings.len(), 1, "{url}");
    }
}

#[test]
fn passwords_are_masked_where_values_are_shown() {
    let loaded = load(&[("database", "postgres://acta:s3cret@db/acta")], &[], "").unwrap();
    assert!(!format!("{loaded:?}").contains("s3cret"), "{loaded:?}");
    assert_eq!(
        loaded.config.database.reveal(),
        "postgres://acta:s3cret@db/acta"
    );
}
