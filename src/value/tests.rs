use proptest::prelude::*;

use super::*;

fn text(value: &Value) -> String {
    format!("{} {}", value.ty(), value.to_json().unwrap_or_else(|| "unknown".to_owned()))
}

fn object(entries: &[(&str, Value)]) -> Value {
    Value::object(entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
}

fn exact(address: &str) -> Unknown {
    Unknown::new(Identity::Exact(Exact::new(".", address).into()))
}

#[test]
fn a_value_is_24_bytes() {
    assert_eq!(size_of::<Kind>(), 16);
    assert_eq!(size_of::<Value>(), 24);
}

#[test]
fn the_last_of_equal_names_wins() {
    let object = object(&[("a", Value::int(1)), ("b", Value::int(2)), ("a", Value::int(3))]);
    assert_eq!(object.get("a"), Some(&Value::int(3)));
    assert_eq!(object.entries().map(<[_]>::len), Some(2));
}

#[test]
fn structures_become_collections() {
    let any_list = Type::list(Type::Dynamic);
    let mixed = Value::tuple(vec![Value::int(1), Value::string("a")]);
    assert_eq!(text(&convert(&mixed, &any_list).unwrap()), r#"list(string) ["1","a"]"#);
    let objects = Value::tuple(vec![
        object(&[("a", Value::int(1))]),
        object(&[("a", Value::int(2)), ("b", Value::int(3))]),
    ]);
    assert_eq!(text(&convert(&objects, &any_list).unwrap()), r#"list(map(number)) [{"a":1},{"a":2,"b":3}]"#);
    let nested =
        object(&[("x", object(&[("a", Value::int(1))])), ("y", object(&[("b", Value::string("s"))]))]);
    let maps = convert(&nested, &Type::map(Type::Dynamic)).unwrap();
    assert_eq!(maps.ty().to_string(), "map(map(string))");
    let unlike = Value::tuple(vec![Value::int(1), Value::bool(true)]);
    let error = convert(&unlike, &any_list).unwrap_err();
    assert_eq!(error.message, "all elements of a list must have the same type");
}

#[test]
fn errors_say_where() {
    let wanted = Type::object([("ports".into(), Type::list(Type::Number))]);
    let given = object(&[("ports", Value::tuple(vec![Value::int(1), Value::string("secret")]))]);
    assert_eq!(convert(&given, &wanted).unwrap_err().to_string(), "at .ports[1]: a number is required");
    assert_eq!(
        convert(&object(&[("port", Value::int(1))]), &wanted).unwrap_err().to_string(),
        "required attribute `ports` not set"
    );
}

#[test]
fn optional_attributes_become_null_or_their_default() {
    let attribute = |name: &str, ty, optional| ObjectAttribute { name: name.into(), ty, optional };
    let ty = Type::object_of(vec![
        attribute("name", Type::String, false),
        attribute("port", Type::Number, true),
        attribute("tags", Type::list(Type::String), true),
    ]);
    let defaults = Defaults::Object(vec![AttributeDefault {
        name: "port".into(),
        default: Some(Value::string("80")),
        within: None,
    }]);
    let list = Constraint { ty: Type::list(ty), defaults: Some(Defaults::Elements(Box::new(defaults))) };
    let given = Value::tuple(vec![
        object(&[("name", Value::string("a")), ("other", Value::null())]),
        object(&[("name", Value::string("b")), ("port", Value::int(1))]),
    ]);
    assert_eq!(
        text(&list.apply(&given).unwrap()),
        "list(object({name=string, port=number, tags=list(string)})) \
         [{\"name\":\"a\",\"port\":80,\"tags\":null},{\"name\":\"b\",\"port\":1,\"tags\":null}]"
    );
}

#[test]
fn an_unknown_keeps_what_it_is() {
    let unknown = Value::unknown(exact("var.ports"));
    let list = convert(&unknown, &Type::list(Type::Number)).unwrap();
    assert_eq!(list.ty(), Type::list(Type::Number));
    let element = list.index(&Value::int(2)).unwrap();
    let found = element.as_unknown().unwrap();
    assert_eq!(
        (found.ty.clone(), found.identity.exact().unwrap().to_string()),
        (Type::Number, "var.ports[2]".into())
    );
    let open =
        Value::open_object(vec![("port".into(), Value::int(1))], Exact::new(".", "aws_db.this").into());
    assert_eq!(open.attr("port").unwrap(), Value::int(1));
    let address = open.attr("address").unwrap();
    assert_eq!(address.as_unknown().unwrap().identity.exact().unwrap().to_string(), "aws_db.this.address");
}

#[test]
fn marks_go_where_the_value_goes() {
    let secret = |value: Value| value.with_meta(Meta::default().with_sensitive(true));
    let set =
        convert(&Value::tuple(vec![secret(Value::int(1)), Value::int(2)]), &Type::set(Type::Number)).unwrap();
    assert!(set.meta().sensitive());
    assert!(set.children().all(|child| !child.meta().sensitive()));
    let object = secret(object(&[("a", Value::int(1))]));
    assert!(object.attr("a").unwrap().meta().sensitive());
    assert!(!object.unmarked_deep().attr("a").unwrap().meta().sensitive());
    let map = Value::map(Type::String, vec![("hidden".into(), Value::string("x"))]);
    let error = convert(&secret(map), &Type::map(Type::Number)).unwrap_err();
    assert_eq!(error.to_string(), "a number is required");
    let list = Value::tuple(vec![Value::int(1)]);
    assert!(list.index(&secret(Value::int(0))).unwrap().meta().sensitive());
    assert_eq!(list.index(&secret(Value::int(7))).unwrap_err().message, "there is no such element");
}

#[test]
fn an_identity_is_compared_only_where_it_is_one() {
    let identity = |unknown: Unknown| unknown.identity;
    let (a, b) = (identity(exact("var.a")), identity(exact("var.b")));
    assert!(a.is(&a) && !a.is(&b));
    let some = identity(exact("aws_instance.a[*].id"));
    let any = Identity::Exact(Exact::new(".", "var.a").step(Step::Any).into());
    assert!(!some.is(&some) && !any.is(&any));
    let derived = Identity::derived([&a]);
    assert!(!derived.is(&derived));
}

#[test]
fn what_is_not_there_is_explained() {
    let value = object(&[("address", Value::int(1)), ("port", Value::int(2))]);
    let error = value.attr("adress").unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `address`?"));
    let list = Value::tuple(vec![Value::int(1), Value::int(2)]);
    assert_eq!(
        list.index(&Value::int(2)).unwrap_err().message,
        "there is no element 2: it has 2, from 0 to 1"
    );
}

#[test]
fn sets_have_an_order() {
    let set = |values: Vec<Value>| convert(&Value::tuple(values), &Type::set(Type::Dynamic)).unwrap();
    let numbers = set(vec![Value::int(10), Value::null(), Value::int(9), Value::int(9)]);
    assert_eq!(text(&numbers), "set(number) [9,10,null]");
    let structures = set(vec![object(&[("n", Value::int(9))]), object(&[("n", Value::int(10))])]);
    assert_eq!(text(&structures), r#"set(object({n=number})) [{"n":10},{"n":9}]"#);
}

proptest! {
    #[test]
    fn converting_twice_is_converting_once(value in arbitrary::value(), ty in arbitrary::ty()) {
        if let Ok(once) = convert(&value, &ty) {
            prop_assert_eq!(convert(&once, &ty).unwrap(), once.clone());
            prop_assert!(!value.is_wholly_known() || once.ty().conforms(&ty), "{} is no {}", once.ty(), ty);
            prop_assert!(!value.meta().sensitive() || once.meta().sensitive());
        }
    }

    #[test]
    fn unifying_is_symmetric(types in prop::collection::vec(arbitrary::ty(), 1..4)) {
        let mut reversed = types.clone();
        reversed.reverse();
        prop_assert_eq!(unify(&types, true), unify(&reversed, true));
    }

    #[test]
    fn what_unifies_converts(a in arbitrary::value(), b in arbitrary::value()) {
        prop_assume!(a.is_wholly_known() && b.is_wholly_known());
        if let Some(common) = unify(&[a.ty(), b.ty()], false).filter(|ty| !ty.has_dynamic()) {
            prop_assert!(convert(&a, &common).is_ok() && convert(&b, &common).is_ok(), "{}", common);
        }
    }
}
