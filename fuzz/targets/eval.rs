//! Expressions over known, unknown and secret values: evaluation ends, says what is wrong, and tells no secret.
#![no_main]

use std::path::Path;
use std::sync::Arc;

use plangate::eval::{Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use plangate::source::FileId;
use plangate::syntax::parse_expression;
use plangate::value::{Exact, Identity, Meta, Type, Unknown, Value, convert};

const SECRET: &str = "hunter2hunter2";

struct Names;

impl Scope for Names {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let exact = Exact::new(".", "aws_instance.a");
        let unknown = |ty| Value::unknown(Unknown { ty, ..Unknown::new(Identity::Exact(exact.clone().into())) });
        let value = match reference.root {
            "u" => unknown(Type::Dynamic),
            "us" => unknown(Type::String),
            "ul" => unknown(Type::list(Type::Number)),
            "um" => unknown(Type::map(Type::Dynamic)),
            "r" => Value::open_object(vec![("a".into(), Value::int(1))], exact.into()),
            "s" => Value::string(SECRET).with_meta(Meta::default().with_sensitive(true)),
            "l" => Value::list(Type::String, vec![Value::string("a"), Value::string("b")]),
            "m" => Value::map(Type::Number, vec![("a".into(), Value::int(1)), ("b".into(), Value::int(2))]),
            "t" => Value::set(Type::String, vec![Value::string("a"), Value::string("b")]),
            other => {
                return Err(log.report(Problem::new(reference.location, format!("no `{other}`"))));
            }
        };
        Ok(Resolved { value, consumed: 0 })
    }

    fn world(&self) -> &dyn World {
        self
    }
}

impl World for Names {
    fn base(&self) -> &Path {
        Path::new("/")
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        // A file holds what its name is: so templates are rendered too.
        Ok(path.to_string_lossy().into_owned().into_bytes().into())
    }

    fn is_file(&self, _: &Path) -> Result<bool, String> {
        Ok(true)
    }

    fn files_below(&self, _: &Path) -> Result<Vec<String>, String> {
        Ok(vec!["a.txt".to_owned(), "b/c.txt".to_owned()])
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (tree, expr) = parse_expression(FileId(0), text.into());
    let mut log = Log::default();
    let result = Evaluator::new(&tree, &Names, &mut log).evaluate(expr, None);
    let wrong = !log.problems.is_empty() || !tree.errors.is_empty();
    assert!(result.is_ok() || wrong, "fails without a word");
    assert!(log.problems.is_empty() || result.is_err(), "has a value and problems");
    for problem in &log.problems {
        assert!(!problem.message.contains(SECRET), "{}", problem.message);
        assert!(!problem.help.as_ref().is_some_and(|help| help.contains(SECRET)));
    }
    let Ok(value) = result else { return };
    let ty = value.ty();
    let _ = (value.to_json(), ty.indented(), value.marks_within(), value.is_wholly_known());
    for wanted in [Type::String, Type::list(Type::Dynamic), Type::set(Type::String), Type::map(Type::Dynamic)] {
        if let Ok(once) = convert(&value, &wanted) {
            assert_eq!(convert(&once, &wanted).as_ref(), Ok(&once));
        }
    }
    let same = convert(&value, &ty).expect("a value is of its own type");
    assert_eq!(same, value);
});
