//! Plans as the command line takes them: whatever they come in, whatever is wrong with them, and nothing secret said.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FORMATS: &[&str] =
    &["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "tap"];

struct Ran {
    code: i32,
    out: String,
    error: String,
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/plans").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(case(name).join("plan.json")).expect("a plan")
}

fn run(directory: &Path, arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plangate"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The program need not read it.
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("written");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), error: text(output.stderr) }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("compressed")
}

/// As small as it gets: what is made to exhaust a reader.
fn tightest(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("compressed");
    encoder.finish().expect("compressed")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn utf16(bytes: &[u8], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = format!("\u{feff}{}", std::str::from_utf8(bytes).expect("text"));
    text.encode_utf16().flat_map(unit).collect()
}

/// The plans that a lint counts.
fn counted(ran: &Ran) -> u64 {
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("a report");
    report["coverage"]["plans"].as_u64().expect("a count")
}

#[test]
fn plans_come_in_many_forms() {
    let plan = bytes("drift-found");
    let bom = [b"\xef\xbb\xbf".as_slice(), &plan].concat();
    let twice = [plan.as_slice(), b"\n", &bytes("no-op"), b"\n"].concat();
    let state = std::fs::read(case("drift-found").join("state.json")).expect("a state");
    let forms: &[(&str, Vec<u8>, u64)] = &[
        ("plan.json", plan.clone(), 1),
        ("marked", bom, 1),
        ("plan.gz", gzip(&plan), 1),
        ("plan.zst", zstd(&plan), 1),
        ("twice.gz.zst", zstd(&gzip(&plan)), 1),
        ("little", utf16(&plan, u16::to_le_bytes), 1),
        ("big", utf16(&plan, u16::to_be_bytes), 1),
        ("lines", twice, 2),
        ("state", state, 1),
    ];
    let place = tempfile::tempdir().expect("a directory");
    for (name, content, count) in forms {
        std::fs::write(place.path().join(name), content).expect("written");
        for arguments in [vec![*name], vec!["--plan", *name]] {
            let arguments = [&["lint", "--format", "json"], arguments.as_slice()].concat();
            let ran = run(place.path(), &arguments, b"");
            assert_eq!(ran.code, 0, "{name}: {}", ran.error);
            assert_eq!(counted(&ran), *count, "{name}");
        }
        for arguments in
            [&["lint", "--format", "json", "-"][..], &["lint", "--format", "json", "--plan", "live=-"]]
        {
            let ran = run(place.path(), arguments, content);
            assert_eq!((ran.code, counted(&ran)), (0, *count), "{name} on standard input: {}", ran.error);
        }
    }
}

#[test]
fn directories_and_patterns_hold_plans() {
    let place = case("terragrunt-stack");
    for argument in ["json-out", "json-out/**/*.json", "json-out/{dir}/tfplan.json", "live=json-out"] {
        let ran = run(
            &place,
            &["lint", "--format", "json", "--plan", argument, "--plan", argument, "json-out"],
            b"",
        );
        // What the plans say has findings of its own.
        assert_eq!((ran.code, counted(&ran)), (1, 3), "{argument}: {}", ran.error);
    }
    let ran = run(
        &place,
        &[
            "show",
            "--format",
            "json",
            "--plan",
            "live/{dir}.json",
            "--plan",
            "x=json-out/.terragrunt-stack/cache/tfplan.json",
        ],
        b"",
    );
    assert_eq!(ran.code, 2, "{}", ran.error);
    assert!(ran.error.contains("`live/{dir}.json` holds no plan"), "{}", ran.error);
    let shown: serde_json::Value = serde_json::from_str(&ran.out).expect("a document");
    assert_eq!(shown["plans"][0]["dir"], "x");
}

#[test]
fn what_is_wrong_with_a_plan_closes_the_gate() {
    let plan = bytes("drift-found");
    let bomb = tightest(&[b"{".as_slice(), &vec![b' '; 40 << 20]].concat());
    let newer = String::from_utf8(plan.clone()).expect("text").replacen("\"1.2\"", "\"1.9\"", 1);
    let unknown = newer.replacen("\"1.9\"", "\"2.0\"", 1);
    let half = &plan[..plan.len() / 2];
    let bad: &[(&str, &[u8], i32, &str)] = &[
        ("empty-plan", b"", 2, "is empty"),
        ("half", half, 2, "is truncated"),
        ("half.gz", &gzip(&plan)[..2000], 2, "is damaged: its gzip data cannot be decompressed"),
        ("half.zst", &zstd(&plan)[..2000], 2, "is damaged: its zstd data cannot be decompressed"),
        ("bomb.gz", &bomb, 2, "decompresses to more than"),
        ("garbage", b"<html>", 2, "is not JSON"),
        ("other.json", b"{\"a\":1}", 2, "is JSON, but neither a plan nor a state"),
        (
            "schemas",
            b"{\"format_version\":\"1.0\",\"provider_schemas\":{}}",
            2,
            "it holds the schemas of providers",
        ),
        (
            "text",
            b"\nTerraform will perform the following actions:\n",
            2,
            "is a plan as Terraform prints it for people",
        ),
        ("binary", b"PK\x03\x04\x14\0tfplan", 2, "only Terraform itself can read"),
        ("newer", newer.as_bytes(), 0, "warning: `newer` has format version 1.9, newer than 1.2"),
        ("unknown", unknown.as_bytes(), 2, "has format version 2.0, which this program does not know"),
        ("latin", b"{\"format_version\":\"1.2\",\"a\":\"\xe9\"}", 2, "is not UTF-8: byte 29 is wrong"),
        ("wide", b"\xff\xfe{\0\"\0\xe9", 2, "is not UTF-16 (little endian): byte 6 is wrong"),
        (
            "twice",
            b"{\"format_version\":\"1.2\",\"resource_changes\":[],\"resource_changes\":[]}",
            2,
            "is there twice",
        ),
    ];
    let place = tempfile::tempdir().expect("a directory");
    for (name, content, code, message) in bad {
        std::fs::write(place.path().join(name), content).expect("written");
        std::fs::write(place.path().join("good.json"), &plan).expect("written");
        let ran =
            run(place.path(), &["lint", "--format", "json", "--plan", name, "--plan", "good.json"], b"");
        assert_eq!(ran.code, *code, "{name}: {}", ran.error);
        assert!(ran.error.contains(message), "{name}: {}", ran.error);
        // The others go on.
        assert!(counted(&ran) >= 1, "{name}");
        assert_eq!(ran.out.contains(message), *code == 2, "{name} is listed as skipped: {}", ran.out);
    }
    let ran = run(place.path(), &["lint", "--plan", "nowhere.json"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.error.contains("`nowhere.json` does not exist"), "{}", ran.error);
    let ran = run(&case("errored-read"), &["lint", "plan.json"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.error.contains("is the plan of a run that ended in an error"), "{}", ran.error);
}

#[test]
fn a_file_that_is_no_plan_is_left_alone() {
    let place = tempfile::tempdir().expect("a directory");
    std::fs::write(place.path().join("package.json"), "{\"name\":\"x\"}").expect("written");
    std::fs::write(place.path().join("README.md"), "# x").expect("written");
    let ran = run(place.path(), &["lint", "package.json", "README.md"], b"");
    assert_eq!((ran.code, ran.error.contains("nothing was inspected")), (3, true), "{}", ran.error);
}

#[test]
fn nothing_secret_is_said() {
    let mut looked_at = 0;
    for case in super::oracle_plans::cases() {
        for name in ["plan.json", "state.json"] {
            let Ok(text) = std::fs::read_to_string(case.join(name)) else { continue };
            if !text.contains("sentinel") {
                continue;
            }
            looked_at += 1;
            // Alone: what its masks say must do.
            let place = tempfile::tempdir().expect("a directory");
            let path = |name: &str| place.path().join(name);
            std::fs::write(path(name), &text).expect("written");
            std::fs::write(path("broken.json"), &text[..text.len() - 2]).expect("written");
            std::fs::write(path("bad.json"), text.replacen("\"mode\":\"managed\"", "\"mode\":7", 1))
                .expect("written");
            let lint = |format: &&'static str| vec!["lint", "-vv", "--show-undecided", "--format", *format];
            let mut commands: Vec<Vec<&str>> = FORMATS.iter().map(lint).collect();
            commands.push(vec!["show", "-vv", "--format", "json"]);
            commands.push(vec!["show", "-vv"]);
            commands.push(vec!["show", "-vv", "--changes"]);
            for command in commands {
                let all = ["--plan", name, "--plan", "broken.json", "--plan", "bad.json"];
                let ran = run(place.path(), &[command.as_slice(), &all].concat(), b"");
                let said = ran.out + &ran.error;
                if let Some(at) = said.to_lowercase().find("sentinel") {
                    panic!(
                        "{} {command:?} says a secret behind {}",
                        case.display(),
                        &said[at.saturating_sub(200)..at]
                    );
                }
            }
        }
    }
    assert!(looked_at > 3, "{looked_at}");
}

#[test]
fn changes_are_counted() {
    let ran = run(&case("replace-create-before-destroy"), &["show", "--changes", "plan.json"], b"");
    insta::assert_snapshot!(ran.out);
    let ran = run(&case("replace-create-before-destroy"), &["show", "plan.json"], b"");
    insta::assert_snapshot!(ran.out);
}

#[test]
fn shown_plans_fit_the_schema() {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/show.v1.json"));
    let schema = serde_json::from_str(&schema.expect("the schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for name in [
        "deposed-after-failed-destroy",
        "deferred-unknown-expansion",
        "import-replaced",
        "values-numbers-and-strings",
    ] {
        let ran = run(&case(name), &["show", "--format", "json", "plan.json"], b"");
        assert_eq!(ran.code, 0, "{}", ran.error);
        let document = serde_json::from_str(&ran.out).expect("a document");
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
}

/// A plan without its source, made with so many mistakes of each kind: no more and no fewer are found, and no secret.
#[test]
fn a_plan_alone_has_what_was_put_into_it() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/generated");
    let expected = std::fs::read_to_string(place.join("expected.json")).expect("what was put in");
    let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
    for (rule, count) in [("open-ingress", "open_ingress"), ("missing-dns-alias", "db_without_dns")] {
        let ran = run(&place, &["lint", "plan.json.gz", "--format", "json", "--rule", rule], b"");
        let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let findings = document["findings"].as_array().expect("findings");
        let places: usize =
            findings.iter().map(|finding| finding["places"].as_array().map_or(0, Vec::len)).sum();
        assert_eq!(Some(places as u64), expected[count].as_u64(), "{rule}");
        assert_eq!(document["coverage"]["undecided"].as_array().map(Vec::len), Some(0), "{rule}");
        assert!(!ran.out.contains("SENTINEL"), "{rule}");
    }
}

/// Several plans can be of one directory: what one says is no less true for what another says.
#[test]
fn plans_of_one_directory_do_not_hide_each_other() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/environments");
    for order in [["dev", "prod"], ["prod", "dev"]] {
        let [first, second] = order.map(|name| format!("tree={name}.json"));
        let lint = ["lint", "tree", "--format", "json", "--rule", "open-ingress", "--plan", &first];
        let ran = run(&place, &[lint.as_slice(), &["--plan", &second]].concat(), b"");
        let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let findings = document["findings"].as_array().expect("findings");
        let places = findings.iter().flat_map(|finding| finding["places"].as_array().into_iter().flatten());
        let mut resources: Vec<&str> = places.filter_map(|place| place["resource"].as_str()).collect();
        resources.sort_unstable();
        let expected = ["aws_security_group.more[0]", "aws_security_group.more[1]", "aws_security_group.web"];
        assert_eq!(resources, expected, "{order:?}");
        // The source is evaluated with the values that each plan was made with: all stands in it.
        let files: Vec<_> = findings.iter().map(|finding| finding["location"]["file"].as_str()).collect();
        assert!(
            files.iter().all(|file| file.is_some_and(|file| file.ends_with("tree/main.tf"))),
            "{files:?}"
        );
    }
}

/// What the tree says as well as a plan keeps its place in the tree.
#[test]
fn values_that_a_plan_repeats_stay_where_they_are_written() {
    let place = tempfile::tempdir().expect("a directory");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/environments");
    std::fs::create_dir_all(place.path().join("tree")).expect("a directory");
    for file in ["tree/main.tf", "dev.json"] {
        std::fs::copy(from.join(file), place.path().join(file)).expect("a file");
    }
    let values = "cidr = \"0.0.0.0/0\"\n";
    std::fs::write(place.path().join("tree/terraform.tfvars"), values).expect("written");
    let lint = ["lint", "tree", "--format", "json", "--rule", "open-ingress", "--plan", "tree=dev.json"];
    let ran = run(place.path(), &lint, b"");
    let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    for finding in document["findings"].as_array().expect("findings") {
        assert_eq!(finding["location"]["file"], "tree/terraform.tfvars", "{finding}");
    }
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(2));
}

/// Directories of plans are as seen from where the program was started, be that above the repository or in it.
#[test]
fn a_plan_is_tied_from_wherever_the_program_was_started() {
    let place = tempfile::tempdir().expect("a directory");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/environments"), place.path(), true);
    std::fs::create_dir(place.path().join("environments/.git")).expect("a repository");
    for (directory, tree) in [("", "environments/tree"), ("environments", "tree"), ("environments/tree", ".")]
    {
        let plan = format!("{tree}={tree}/../dev.json");
        let lint = ["lint", tree, "--format", "json", "--rule", "open-ingress", "--plan", &plan];
        let ran = run(&place.path().join(directory), &lint, b"");
        let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let findings = document["findings"].as_array().expect("findings");
        let files: Vec<_> = findings.iter().map(|finding| finding["location"]["file"].as_str()).collect();
        assert_eq!(files, [Some("tree/main.tf"); 2], "{directory:?}: {}", ran.error);
    }
}

/// Terragrunt's units and the plans below `--json-out-dir` are one, by their places.
#[test]
fn units_and_their_plans_are_one() {
    let place = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(place.path().join(".git")).expect("a repository");
    let case = case("terragrunt-live");
    for directory in ["tree", "json-out"] {
        copy(&case.join(directory), place.path(), directory == "json-out");
    }
    let rules = ["--rule", "open-ingress", "--rule", "stale-plan", "--rule", "missing-dns-alias"];
    let lint = ["lint", "live", "modules", "--plan", "json-out", "--format", "json"];
    let ran = run(place.path(), &[lint.as_slice(), &rules].concat(), b"");
    let document: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(document["coverage"]["undecided"], serde_json::json!([]), "{}", ran.out);
    let findings = document["findings"].as_array().expect("findings");
    let mut found: Vec<_> =
        findings.iter().map(|it| (it["rule"].as_str(), it["places"][0]["unit"].as_str())).collect();
    found.sort_unstable();
    let expected = [
        (Some("missing-dns-alias"), Some("live/prod/us-east-1/alice-redis")),
        (Some("open-ingress"), Some("live/qa/us-east-1/bob-db")),
    ];
    assert_eq!(found, expected, "{}", ran.out);
}

/// Copies what lies in a directory, or the directory itself.
fn copy(from: &Path, to: &Path, whole: bool) {
    let to = if whole { to.join(from.file_name().expect("a name")) } else { to.to_owned() };
    std::fs::create_dir_all(&to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory").flatten() {
        if entry.path().is_dir() {
            copy(&entry.path(), &to, true);
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a file");
        }
    }
}

/// Where a rule is on for the directory of a plan only, it judges what the plan says there.
#[test]
fn a_rule_for_a_part_of_the_tree_judges_its_plans() {
    let place = tempfile::tempdir().expect("a directory");
    for (rule, case) in [("open-ingress", "groups-inline"), ("no-changes", "no-op")] {
        let settings = format!(
            "root = true\nextends = []\npaths \"live/**\" {{\n  rule \"{rule}\" {{ severity = \"error\" }}\n}}\n"
        );
        std::fs::write(place.path().join("plangate.hcl"), settings).expect("written");
        std::fs::write(place.path().join("plan.json"), bytes(case)).expect("written");
        for (plan, code) in [("live/app=plan.json", 1), ("elsewhere=plan.json", 0)] {
            let ran = run(place.path(), &["lint", "--format", "json", "--plan", plan], b"");
            assert_eq!(
                (ran.code, ran.out.contains(rule)),
                (code, code == 1),
                "{rule}, {plan}: {}",
                ran.error
            );
        }
    }
}
