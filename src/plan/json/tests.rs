use super::*;

fn skip(text: &str) -> Result<(), JsonFault> {
    let mut cursor = Cursor::new(text);
    cursor.skip().and_then(|_| cursor.end()).map_err(|error| error.fault)
}

#[test]
fn what_is_skipped_is_checked() {
    use JsonFault::{Control, Depth, End, Escape, Expected, Number, Surrogate, Trailing};
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let table: &[(&str, Result<(), JsonFault>)] = &[
        ("{}", Ok(())),
        (" [ ] ", Ok(())),
        (r#"{"a":[1,-0,0.5,1e9,-1.25E-7,true,false,null,"x"],"b":{}}"#, Ok(())),
        (r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, Ok(())),
        ("\"a long text of more than eight bytes, with \u{7f}, é and 😀 in it\"", Ok(())),
        ("", Err(End)),
        ("   ", Err(End)),
        ("{", Err(End)),
        (r#"{"a""#, Err(End)),
        (r#"{"a":"#, Err(End)),
        (r#"{"a":1,"#, Err(End)),
        ("[1", Err(End)),
        ("tru", Err(End)),
        ("\"abc", Err(End)),
        ("\"abc\\", Err(End)),
        ("\"\\u12", Err(End)),
        ("-", Err(End)),
        ("1.", Err(End)),
        ("[1.]", Err(Number)),
        ("[-]", Err(Number)),
        ("[1e+]", Err(Number)),
        ("01", Err(Trailing)),
        ("{} {}", Err(Trailing)),
        ("truth", Err(Expected("a value"))),
        ("[1,]", Err(Expected("a value"))),
        ("[1}", Err(Expected("`,` or `]`"))),
        (r#"{"a":1]"#, Err(Expected("`,` or `}`"))),
        (r#"{"a" 1}"#, Err(Expected("`:`"))),
        ("{1:1}", Err(Expected("a key"))),
        (r#"{"a":1,}"#, Err(Expected("a key"))),
        ("'a'", Err(Expected("a value"))),
        ("\"a\nb\"", Err(Control)),
        ("\"a long text with a tab\t\"", Err(Control)),
        (r#""\x""#, Err(Escape)),
        (r#""\u12g4""#, Err(Escape)),
        (r#""\ud83d""#, Err(Surrogate)),
        (r#""\ud83d\u0041""#, Err(Surrogate)),
        (r#""\ude00""#, Err(Surrogate)),
    ];
    for (text, expected) in table {
        assert_eq!(skip(text), *expected, "{text}");
    }
    assert_eq!(skip(&deep(super::super::bounds::DEPTH)), Ok(()));
    assert_eq!(skip(&deep(super::super::bounds::DEPTH + 1)), Err(Depth));
}

#[test]
fn values_are_pulled() {
    let text = r#"{"text":"a\u00e9\n","digits":-0.1234567890123456789012345678901234567890e5,
        "list":[true,null,{"deep":[[]]}],"same":false}"#;
    let mut cursor = Cursor::new(text);
    let mut keys = Vec::new();
    let read = cursor.object(|cursor, key| {
        keys.push(key.to_owned());
        match key {
            "text" => assert_eq!(cursor.string()?, "aé\n"),
            "digits" => assert_eq!(cursor.number()?, "-0.1234567890123456789012345678901234567890e5"),
            "list" => {
                let mut places = Vec::new();
                cursor.array(|cursor| {
                    places.push(cursor.skip()?);
                    Ok(())
                })?;
                let texts: Vec<&str> =
                    places.into_iter().map(|at| &text[at.start as usize..at.end as usize]).collect();
                assert_eq!(texts, ["true", "null", r#"{"deep":[[]]}"#]);
            }
            _ => assert!(!cursor.boolean()?),
        }
        Ok(())
    });
    assert_eq!(read, Ok(()));
    assert_eq!(cursor.end(), Ok(()));
    assert_eq!(keys, ["text", "digits", "list", "same"]);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What another reader takes for JSON is JSON to this one too, and the reverse.
        #[test]
        fn another_reader_agrees(text in r#"[\[\]{},:"a\\ue1 0\-.tn\t]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            // A number beyond the machine's floats is one all the same.
            let beyond = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
            prop_assert_eq!(skip(&text).is_ok(), theirs.is_ok() || beyond, "{:?}", theirs);
        }

        #[test]
        fn texts_read_back(text in any::<String>()) {
            let json = serde_json::to_string(&text).expect("a text");
            let mut cursor = Cursor::new(&json);
            let read = cursor.string();
            prop_assert_eq!(read.as_deref(), Ok(text.as_str()));
            prop_assert_eq!(cursor.end(), Ok(()));
        }
    }
}
