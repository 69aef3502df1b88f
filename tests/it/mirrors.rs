//! Modules that are read from git repositories on disk, at the revision that their source names.

use serde_json::Value;

use crate::cli::{Ran, Tree, json, ran};
use crate::git::{Content, Git};

const CONFIGURATION: &str = "module_sources = {\n  \
     \"git::ssh://git@git.example.local/platform/{name}.git\" = \"../mirrors/{name}.git\"\n  \
     \"terraform-aws-modules/{name}/aws\" = \"../mirrors/terraform-aws-{name}.git\"\n}\n";

/// A tree `infra` beside a directory `mirrors`.
pub(crate) struct Platform(pub(crate) Tree);

impl Platform {
    pub(crate) fn new(main: &str) -> Self {
        let tree = Tree::new(&[
            ("infra/.git/HEAD", ""),
            ("infra/plangate.hcl", CONFIGURATION),
            ("infra/live/main.tf", main),
        ]);
        Self(tree)
    }

    pub(crate) fn bare(&self, name: &str) -> Git {
        Git::bare(&self.0.path(&format!("mirrors/{name}.git")))
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.0.command(arguments).current_dir(self.0.path("infra")), b"")
    }

    fn shown(&self) -> Value {
        let ran = self.run(&["show", "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.error);
        json(&ran.out)
    }

    /// The root's outputs, by name.
    fn outputs(&self) -> Value {
        let shown = self.shown();
        module(&shown, "").expect("the root")["outputs"].clone()
    }

    /// Why the root's call of that name has no module.
    fn reason(&self, call: &str) -> String {
        let shown = self.shown();
        let root = module(&shown, "").expect("the root");
        let calls = root["calls"].as_array().expect("calls");
        let call = calls.iter().find(|one| one["name"] == call).expect("the call");
        call["reason"].as_str().unwrap_or_else(|| panic!("{call}")).to_owned()
    }
}

fn module<'s>(shown: &'s Value, address: &str) -> Option<&'s Value> {
    shown["modules"].as_array()?.iter().find(|module| module["address"] == address)
}

pub(crate) fn call(name: &str, rest: &str) -> String {
    format!("module \"{name}\" {{\n  source = \"git::ssh://git@git.example.local/platform/{rest}\"\n}}\n")
}

fn output(name: &str) -> String {
    format!("output \"{name}\" {{\n  value = module.{name}.x\n}}\n")
}

fn says(text: &str) -> String {
    format!("output \"x\" {{\n  value = \"{text}\"\n}}\n")
}

#[test]
fn a_source_is_read_at_its_own_ref() {
    let refs = [
        ("tag", "v1.2.0"),
        ("annotated", "v2.0.0"),
        ("branch", "release/3"),
        ("encoded", "release%2F3"),
        ("full", "refs/tags/v1.2.0"),
        ("head", "HEAD"),
    ];
    let mut main: String = refs
        .iter()
        .map(|(name, wanted)| {
            call(name, &format!("rds.git//modules/aurora?depth=1&ref={wanted}")) + &output(name)
        })
        .collect();
    let place = Platform::new("");
    let git = place.bare("rds");
    let at = |text: &str| git.texts(&[("modules/aurora/main.tf", &says(text)), ("README.md", text)]);
    let (one, two, three, four) = (at("one"), at("two"), at("three"), at("four"));
    git.reference("refs/tags/v1.2.0", one);
    git.annotated("v2.0.0", two);
    git.reference("refs/heads/release/3", three);
    git.reference("refs/heads/main", four);
    for (name, wanted) in [("commit", two.to_string()), ("short", three.to_string()[..9].to_owned())] {
        main += &call(name, &format!("rds.git//modules/aurora?ref={wanted}"));
        main += &output(name);
    }
    main += &(call("none", "rds.git//modules/aurora") + &output("none"));
    place.0.write("infra/live/main.tf", main.as_bytes());
    let outputs = place.outputs();
    for (name, text) in [
        ("tag", "one"),
        ("annotated", "two"),
        ("branch", "three"),
        ("encoded", "three"),
        ("full", "one"),
        ("head", "four"),
        ("commit", "two"),
        ("short", "three"),
        ("none", "four"),
    ] {
        assert_eq!(outputs[name]["value"], text, "{name}");
    }
    let shown = place.shown();
    let dir = |name: &str| module(&shown, &format!("module.{name}")).expect("a module")["dir"].clone();
    assert_eq!(dir("tag"), "../mirrors/rds.git@v1.2.0/modules/aurora");
    assert_eq!(dir("none"), "../mirrors/rds.git@main/modules/aurora");
}

#[test]
fn what_cannot_be_had_is_undecided_for_a_reason() {
    let sources = [
        (
            "repository",
            "nowhere.git?ref=v1",
            "nowhere.git is not available: there is no git repository at `../mirrors/nowhere.git`",
        ),
        ("plain", "plain.git?ref=v1", "`../mirrors/plain.git` is a plain directory, not a git repository"),
        ("broken", "broken.git?ref=v1", "the git repository at `../mirrors/broken.git` cannot be opened"),
        ("ref", "rds.git?ref=v9", "`../mirrors/rds.git` has no tag, branch or commit `v9`"),
        ("expression", "rds.git?ref=main~1", "has no tag, branch or commit `main~1`"),
        ("climbing", "rds.git?ref=../heads/main", "has no tag, branch or commit `../heads/main`"),
        ("ambiguous", "rds.git?ref=both", "`both` is ambiguous in `../mirrors/rds.git`"),
        ("directory", "rds.git//nowhere?ref=v1", "`../mirrors/rds.git@v1` has no directory `nowhere`"),
        ("empty", "rds.git//docs?ref=v1", "there is no module in `docs` of `../mirrors/rds.git@v1`"),
        ("file", "rds.git//main.tf?ref=v1", "`main.tf` of `../mirrors/rds.git@v1` is not a directory"),
        (
            "submodule",
            "rds.git//vendored/x?ref=v1",
            "`vendored/x` of `../mirrors/rds.git@v1` lies in a git submodule",
        ),
        ("leaving", "rds.git//../other?ref=v1", "the source leads out of"),
        (
            "pointer",
            "rds.git//large?ref=v1",
            "`large/main.tf` of `../mirrors/rds.git@v1` is a git LFS pointer",
        ),
        (
            "link",
            "rds.git//outside?ref=v1",
            "`outside` of `../mirrors/rds.git@v1` leads out of the repository",
        ),
        (
            "loop",
            "rds.git//loop?ref=v1",
            "`loop` of `../mirrors/rds.git@v1` is a symbolic link that leads back",
        ),
        (
            "dangling",
            "rds.git//dangling?ref=v1",
            "`dangling` of `../mirrors/rds.git@v1` is a symbolic link to nothing",
        ),
        ("linkfile", "rds.git//files?ref=v1", "`files/main.tf` of `../mirrors/rds.git@v1` leads out"),
        ("shallow", "shallow.git?ref=v1", "has no tag, branch or commit `v1`; the clone is shallow"),
        (
            "partial",
            "shallow.git?ref=gone",
            "`../mirrors/shallow.git` has not the objects of `gone` (the clone is shallow)",
        ),
        ("damaged", "damaged.git?ref=v1", "is not among the repository's objects"),
        (
            "default",
            "detached.git",
            "the source names no ref, and `../mirrors/detached.git` does not say which",
        ),
    ];
    let main: String = sources.iter().map(|(name, rest, _)| call(name, rest) + &output(name)).collect();
    let place = Platform::new(&main);
    place.0.write("mirrors/plain.git/main.tf", b"");
    place.0.write("mirrors/broken.git/objects/x", b"");
    let git = place.bare("rds");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let one = git.commit(&[
        ("main.tf", Content::Text(&says("one"))),
        ("docs/README.md", Content::Text("")),
        ("vendored", Content::Submodule),
        ("large/main.tf", Content::Text(pointer)),
        ("outside", Content::Link("../../../private")),
        ("loop", Content::Link("loop")),
        ("dangling", Content::Link("nothing")),
        ("files/main.tf", Content::Link("/etc/hostname")),
    ]);
    let two = git.texts(&[("main.tf", &says("two"))]);
    git.reference("refs/tags/v1", one);
    git.reference("refs/tags/both", one);
    git.reference("refs/heads/both", two);
    git.reference("refs/heads/main", two);
    let shallow = place.bare("shallow");
    let head = shallow.texts(&[("main.tf", &says("x"))]);
    shallow.reference("refs/heads/main", head);
    shallow.write("shallow", &format!("{head}\n"));
    shallow.write("refs/tags/gone", &("2".repeat(40) + "\n"));
    let damaged = place.bare("damaged");
    let commit = damaged.texts(&[("main.tf", &says("damaged"))]);
    damaged.reference("refs/tags/v1", commit);
    let blob =
        gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, says("damaged").as_bytes());
    let blob = blob.expect("a hash").to_string();
    std::fs::remove_file(damaged.directory().join("objects").join(&blob[..2]).join(&blob[2..]))
        .expect("gone");
    let detached = Git::with_work_tree(&place.0.path("mirrors/detached.git"));
    let commit = detached.texts(&[("main.tf", &says("x"))]);
    detached.write("HEAD", &format!("{commit}\n"));

    for (name, _, reason) in sources {
        let said = place.reason(name);
        assert!(said.starts_with("module git::ssh://git@git.example.local/platform/"), "{name}: {said}");
        assert!(said.contains(reason), "{name}: {said}");
    }
    let ran = place.run(&[
        "lint",
        "--rule",
        "invalid-module-call",
        "--rule",
        "invalid-reference",
        "--rule",
        "invalid-expression",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn links_within_a_revision_are_followed() {
    let place = Platform::new(&(call("a", "rds.git//current?ref=v1") + &output("a")));
    let git = place.bare("rds");
    let commit = git.commit(&[
        ("current", Content::Link("versions/two")),
        ("versions/two/main.tf", Content::Link("../../shared/main.tf")),
        ("shared/main.tf", Content::Text(&says("linked"))),
    ]);
    git.reference("refs/tags/v1", commit);
    assert_eq!(place.outputs()["a"]["value"], "linked");
}

#[test]
fn equal_causes_are_told_once() {
    let group = |name: &str, source: &str| {
        format!(
            "resource \"aws_security_group\" \"{name}\" {{\n  ingress {{\n    from_port   = 22\n    to_port     = 22\n    \
             protocol    = \"tcp\"\n    cidr_blocks = module.{name}.cidrs\n  }}\n}}\n{}",
            call(name, source)
        )
    };
    let main: String =
        (0..3).map(|at| group(&format!("a{at}"), &format!("gone.git//modules/{at}?ref=v{at}"))).collect();
    let place = Platform::new(&main);
    let ran = place.run(&["lint", "--rule", "open-ingress"]);
    let cause = "3 × module git::ssh://git@git.example.local/platform/gone.git is not available: there is no git repository";
    let flat = ran.out.split_whitespace().collect::<Vec<_>>().join(" ").replace("3 x ", "3 × ");
    assert!(flat.contains(cause), "{}", ran.out);
}

#[test]
fn local_calls_and_files_stay_in_the_revision() {
    let main = call("a", "rds.git//modules/a?ref=v1") + &output("a");
    let place = Platform::new(&main);
    let git = place.bare("rds");
    let a = "module \"b\" {\n  source = \"../b\"\n}\n\
             module \"gone\" {\n  source = \"../gone\"\n}\n\
             module \"out\" {\n  source = \"../../../other.git@v1\"\n}\n\
             module \"other\" {\n  source = \"git::ssh://git@git.example.local/platform/other.git?ref=v1\"\n}\n\
             output \"x\" {\n  value = {\n    b         = module.b.x\n    other     = module.other.x\n    \
             template  = templatefile(\"${path.module}/x.tpl\", { name = \"n\" })\n    \
             beside    = file(\"${path.module}/../../top.txt\")\n    \
             set       = fileset(path.module, \"*.tpl\")\n    exists    = fileexists(\"${path.module}/none\")\n    \
             root      = file(\"${path.root}/root.txt\")\n  }\n}\n";
    let one = git.texts(&[
        ("modules/a/main.tf", a),
        ("modules/a/x.tpl", "hello ${name}"),
        ("modules/b/main.tf", &says("b one")),
        ("top.txt", "top"),
    ]);
    git.reference("refs/tags/v1", one);
    git.reference("refs/heads/main", git.texts(&[("modules/b/main.tf", &says("b two"))]));
    let other = place.bare("other");
    other.reference(
        "refs/tags/v1",
        other.texts(&[("main.tf", &says("other")), ("secret.txt", "not to be read")]),
    );
    place.0.write("infra/live/root.txt", b"root");
    let value = place.outputs()["a"]["value"].clone();
    assert_eq!(value["b"], "b one");
    assert_eq!(value["other"], "other");
    assert_eq!(value["template"], "hello n");
    assert_eq!(value["beside"], "top");
    assert_eq!(value["set"], serde_json::json!(["x.tpl"]));
    assert_eq!(value["exists"], false);
    assert_eq!(value["root"], "root");
    let shown = place.shown();
    let calls = module(&shown, "module.a").expect("the module")["calls"].clone();
    let reason = |name: &str| {
        let found = calls.as_array().expect("calls").iter().find(|call| call["name"] == name).cloned();
        found.expect("a call")["reason"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(
        reason("gone"),
        "module ../gone is not available: `../mirrors/rds.git@v1` has no directory `modules/gone`"
    );
    assert!(reason("out").contains("leads out of `../mirrors/rds.git@v1`"), "{}", reason("out"));

    // Neither another revision nor this tree is reached by climbing.
    for way in
        ["${path.module}/../../../other.git@v1/secret.txt", "${path.module}/../../../../infra/live/root.txt"]
    {
        let text = format!("output \"x\" {{\n  value = file(\"{way}\")\n}}\n");
        git.reference("refs/tags/v1", git.texts(&[("modules/a/main.tf", &text)]));
        let ran = place.run(&["show"]);
        assert!(!ran.out.contains("not to be read") && !ran.out.contains("= \"root\""), "{way}: {}", ran.out);
    }
    // Who stands outside does not come in by a path either.
    place.0.write(
        "infra/live/main.tf",
        (main + "module \"c\" {\n  source = \"../../mirrors/rds.git@v1\"\n}\n").as_bytes(),
    );
    let ran = place.run(&["lint", "--rule", "invalid-module-call", "--format", "json"]);
    let finding = &json(&ran.out)["findings"][0];
    assert_eq!(
        finding["message"],
        "the module source `../../mirrors/rds.git@v1` leads out of the repository"
    );
}

#[test]
fn a_file_that_lfs_keeps_is_unknown() {
    let place = Platform::new(&(call("a", "rds.git?ref=v1") + &output("a")));
    let git = place.bare("rds");
    let text = "output \"x\" {\n  value = [file(\"${path.module}/key.pem\"), filemd5(\"${path.module}/key.pem\")]\n}\n";
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    git.reference("refs/tags/v1", git.texts(&[("main.tf", text), ("key.pem", pointer)]));
    let value = place.outputs()["a"]["value"].clone();
    assert!(value[0]["$unknown"].is_string() || value[0]["$unknown"] == "derived", "{value}");
    assert!(value[1].get("$unknown").is_some(), "{value}");
    let ran = place.run(&["lint"]);
    assert!(!ran.out.contains("cannot be read"), "{}", ran.out);
}

#[test]
fn calls_are_held_to_the_revision() {
    let group = "module \"a\" {\n  source = \"git::ssh://git@git.example.local/platform/rds.git?ref=v1\"\n  \
                 nmae   = \"x\"\n}\noutput \"a\" {\n  value = module.a.y\n}\n";
    let place = Platform::new(group);
    let git = place.bare("rds");
    let text = "variable \"name\" {}\noutput \"x\" {\n  value = var.name\n}\n";
    git.reference("refs/tags/v1", git.texts(&[("main.tf", text)]));
    let ran = place.run(&[
        "lint",
        "--rule",
        "invalid-module-call",
        "--rule",
        "invalid-reference",
        "--format",
        "json",
    ]);
    let report = json(&ran.out);
    let found: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|it| it["message"].as_str())
        .collect();
    let expected = [
        "the module `a` needs a value for `name`",
        "the module `a` has no variable `nmae`",
        "the module `a` has no output `y`",
    ];
    assert_eq!(found, expected);
    let files = report["findings"].as_array().expect("findings").iter().map(|it| &it["location"]["file"]);
    assert!(files.into_iter().all(|file| file == "live/main.tf"), "{report}");
}

#[test]
fn a_registry_module_is_read_at_its_version() {
    let call = |name: &str, version: &str| {
        format!(
            "module \"{name}\" {{\n  source  = \"terraform-aws-modules/rds/aws//modules/db\"\n{version}}}\n{}",
            output(name)
        )
    };
    let main = call("with_v", "  version = \"6.1.0\"\n")
        + &call("without", "  version = \"= 5.0.0\"\n")
        + &call("gone", "  version = \"9.9.9\"\n")
        + &call("range", "  version = \"~> 6.0\"\n")
        + &call("none", "");
    let place = Platform::new(&main);
    let git = place.bare("terraform-aws-rds");
    git.annotated("v6.1.0", git.texts(&[("modules/db/main.tf", &says("six"))]));
    git.reference("refs/tags/5.0.0", git.texts(&[("modules/db/main.tf", &says("five"))]));
    let outputs = place.outputs();
    assert_eq!((&outputs["with_v"]["value"], &outputs["without"]["value"]), (&"six".into(), &"five".into()));
    let module = "module terraform-aws-modules/rds/aws is not available: ";
    assert_eq!(
        place.reason("gone"),
        format!("{module}`../mirrors/terraform-aws-rds.git` has no tag for version `9.9.9`")
    );
    assert_eq!(place.reason("range"), format!("{module}`~> 6.0` is not one version"));
    assert_eq!(place.reason("none"), format!("{module}the call names no version"));
}

#[test]
fn a_clone_with_a_work_tree_gives_what_its_remote_has() {
    let place =
        Platform::new(&(call("a", "rds.git?ref=main") + &output("a") + &call("b", "rds.git") + &output("b")));
    let git = Git::with_work_tree(&place.0.path("mirrors/rds.git"));
    place.0.write("mirrors/rds.git/main.tf", says("work tree").as_bytes());
    git.reference("refs/heads/main", git.texts(&[("main.tf", &says("local"))]));
    assert_eq!(place.outputs()["a"]["value"], "local");
    assert_eq!(place.outputs()["b"]["value"], "local");
    git.reference("refs/remotes/origin/main", git.texts(&[("main.tf", &says("remote"))]));
    git.reference("refs/remotes/origin/stable", git.texts(&[("main.tf", &says("stable"))]));
    git.write("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/stable\n");
    assert_eq!(place.outputs()["a"]["value"], "remote");
    assert_eq!(place.outputs()["b"]["value"], "stable");
}

#[test]
fn a_mirror_in_the_tree_reaches_nothing_outside_of_it() {
    let place = Platform::new(&(call("a", "rds.git?ref=v1") + &output("a")));
    let configuration = CONFIGURATION.replace("../mirrors", "vendor");
    place.0.write("infra/plangate.hcl", configuration.as_bytes());
    let private = Git::bare(&place.0.path("private"));
    private.reference("refs/tags/v1", private.texts(&[("main.tf", &says("private"))]));
    place.0.write("infra/vendor/rds.git/.git", b"gitdir: ../../../private\n");
    let outside = "the git repository at `vendor/rds.git` keeps its objects outside of the tree";
    assert!(place.reason("a").contains(outside), "{}", place.reason("a"));
    std::fs::remove_file(place.0.path("infra/vendor/rds.git/.git")).expect("gone");
    let git = Git::bare(&place.0.path("infra/vendor/rds.git"));
    git.reference("refs/tags/v1", git.texts(&[("main.tf", &says("vendored"))]));
    assert_eq!(place.outputs()["a"]["value"], "vendored");
    let alternates = format!("{}\n", private.directory().join("objects").display());
    place.0.write("infra/vendor/rds.git/objects/info/alternates", alternates.as_bytes());
    assert!(place.reason("a").contains(outside), "{}", place.reason("a"));
}

#[test]
fn a_directory_beside_the_tree_is_read_as_it_is() {
    let place = Platform::new(&(call("a", "rds.git//db?ref=v1") + &output("a")));
    let object = CONFIGURATION
        .replace("\"../mirrors/{name}.git\"", "{ path = \"../mirrors/{name}\", unversioned = true }");
    place.0.write("infra/plangate.hcl", object.as_bytes());
    place.0.write("mirrors/rds/db/main.tf", says("plain").as_bytes());
    // What lies there has no say in how this tree is judged.
    place.0.write("mirrors/rds/plangate.hcl", b"no = such \"setting\"");
    place.0.write("plangate.hcl", b"no = such \"setting\"");
    assert_eq!(place.outputs()["a"]["value"], "plain");
}

#[test]
fn each_revision_is_read_once() {
    use plangate::source::{Revisions, Wanted};
    let place = tempfile::tempdir().expect("a directory");
    let top = place.path().join("infra");
    std::fs::create_dir_all(&top).expect("a directory");
    let git = Git::bare(&place.path().join("rds.git"));
    git.reference("refs/tags/v1", git.texts(&[("main.tf", "")]));
    let revisions = Revisions::default();
    let enter = |wanted| revisions.enter(&top, "../rds.git", wanted);
    assert_eq!(enter(Wanted::Ref("v1")), Ok("../rds.git@v1".to_owned()));
    assert_eq!(revisions.around("../rds.git@v1/a/b.tf"), Some("../rds.git@v1"));
    assert_eq!(revisions.around("../rds.git@v10/a/b.tf"), None);
    // What is known already needs the repository no more.
    std::fs::rename(place.path().join("rds.git/HEAD"), place.path().join("rds.git/HEAD.old")).expect("moved");
    assert_eq!(enter(Wanted::Version("1")), Ok("../rds.git@v1".to_owned()));
    assert!(revisions.leaves(&top, "../rds.git@v1/../x"));
    assert!(!revisions.leaves(&top, "../rds.git@v1/a/../x..y/..z"));
    let climb = |path: &str| revisions.resolve(&top, "../rds.git@v1/a", path);
    assert_eq!(climb("../b").as_deref(), Some("../rds.git@v1/b"));
    assert_eq!(climb("..").as_deref(), Some("../rds.git@v1"));
    assert_eq!(climb("../.."), None);
    assert_eq!(revisions.resolve(&top, "live", "../../rds.git@v1"), None);
}
