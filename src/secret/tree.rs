use super::assignment::Prose;
use super::name::{NAME_KEYS, Suspicion, VALUE_KEYS, Words};
use super::recogniser::Recogniser;
use super::sight::Sights;
use super::text::settled;
use super::{Secret, encoded, format};
use crate::source::Span;
use crate::syntax::{Block, BodyId, ExprId, ExprKind, Item, List, Text, Tree};

/// The name that an expression is given to, and how much it says.
#[derive(Clone, Copy)]
struct Under<'t> {
    name: &'t str,
    suspicion: Suspicion,
    /// What is in it under a name of no meaning is a secret too: `passwords = { app = … }`.
    inherits: bool,
}

/// Looks through one file.
struct Search<'r, 't> {
    recogniser: &'r Recogniser,
    tree: &'t Tree,
    sights: Sights,
    found: Vec<Secret>,
    /// What is left of the expression that is looked through, next one last: kept to be used again.
    work: Vec<(ExprId, Option<Under<'t>>)>,
}

impl Recogniser {
    /// Secrets in a file as it is written: in literals under the names they are given to, in texts of several lines, in
    /// comments. The spans are the file's.
    #[must_use]
    pub fn in_tree(&self, tree: &Tree) -> Vec<Secret> {
        let sights = Sights::of(&tree.source);
        let mut search = Search { recogniser: self, tree, sights, found: Vec::new(), work: Vec::new() };
        format::find(&tree.source, &search.sights, &mut search.found);
        for comment in &tree.comments {
            search.raw(comment.span, Prose::Yes);
        }
        search.body(tree.root, None);
        settled(search.found)
    }
}

/// A name as it is written.
#[derive(Clone, Copy)]
struct Written<'t> {
    name: &'t str,
    /// Where the same text stands in the source; none does for one with escapes.
    place: Option<Span>,
}

impl<'t> Search<'_, 't> {
    /// Whether a name that says something may stand there.
    fn names_in(&self, span: Span) -> bool {
        self.recogniser.has_own_names() || self.sights.names_in(span)
    }

    fn written(&self, text: Text) -> Written<'t> {
        Written { name: self.tree.text(text), place: self.tree.text_span(text) }
    }

    fn under(&self, written: Written<'t>, outer: Option<Under<'t>>) -> Option<Under<'t>> {
        let name = written.name;
        let suspicion = match written.place {
            Some(place) if !self.names_in(place) => Suspicion::None,
            _ => self.recogniser.suspicion(name),
        };
        let words = || Words::of(name);
        if suspicion > Suspicion::Hint {
            return Some(Under { name, suspicion, inherits: true });
        }
        match outer {
            // Under a name that says what the value is instead (`secret_arn`), nothing is handed down.
            Some(outer) if outer.inherits && !says_otherwise(words().as_slice()) => {
                let suspicion =
                    if Words::of(outer.name).is_plural() { outer.suspicion } else { Suspicion::Key };
                Some(Under { name: outer.name, suspicion, inherits: true })
            }
            _ if suspicion == Suspicion::Hint => {
                Some(Under { name, suspicion, inherits: words().is_plural() })
            }
            _ => None,
        }
    }

    fn body(&mut self, body: BodyId, outer: Option<Under<'t>>) {
        let tree = self.tree;
        // Bodies nest no deeper than the parser lets them.
        let named = self.named_value(body);
        for item in tree.items(body) {
            match item {
                Item::Attribute(attribute) if self.has_no_text(attribute.value) => {}
                Item::Attribute(attribute) => {
                    let name = tree.name(attribute.name);
                    let under = match named {
                        Some(named) if VALUE_KEYS.contains(&name) => Some(named),
                        _ => self.under(self.written(attribute.name.text), outer),
                    };
                    self.expression(attribute.value, under);
                }
                Item::Block(id) => self.block(tree.block(*id), outer),
            }
        }
    }

    fn block(&mut self, block: &Block, outer: Option<Under<'t>>) {
        let tree = self.tree;
        let kind = tree.name(block.kind);
        // The name of a declaration is the name of its value.
        let label = match kind {
            "variable" | "output" => tree.labels(block).first(),
            _ => None,
        };
        let Some(label) = label else {
            // Only what is written as a map hands its name down: `config { password = … }` speaks for itself.
            return self.body(block.body, outer.filter(|_| kind == "content"));
        };
        for attribute in tree.attributes(block.body) {
            if self.has_no_text(attribute.value) {
                continue;
            }
            let name = tree.name(attribute.name);
            let under = if matches!(name, "default" | "value") {
                self.under(self.written(label.text), None)
            } else {
                None
            };
            self.expression(attribute.value, under);
        }
        for inner in tree.blocks(block.body) {
            self.block(inner, None);
        }
    }

    /// The name that a body gives to its own `value`: `set { name = "auth.password" … }`.
    fn named_value(&self, body: BodyId) -> Option<Under<'t>> {
        let tree = self.tree;
        let name = tree.attributes(body).find(|attribute| NAME_KEYS.contains(&tree.name(attribute.name)))?;
        self.under(self.plain_text(name.value)?, None)
    }

    fn plain_text(&self, expr: ExprId) -> Option<Written<'t>> {
        match self.tree.kind(expr) {
            ExprKind::String(text) | ExprKind::JsonString { text, .. } => Some(self.written(text)),
            _ => None,
        }
    }

    /// Whether an expression is a reference or a literal that is no text: nothing can be hidden in it.
    fn has_no_text(&self, mut expr: ExprId) -> bool {
        loop {
            match self.tree.kind(expr) {
                ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number | ExprKind::Name => return true,
                ExprKind::Attr { base, .. } => expr = base,
                _ => return false,
            }
        }
    }

    /// An expression and all that can become its value.
    fn expression(&mut self, expr: ExprId, under: Option<Under<'t>>) {
        let tree = self.tree;
        let mut work = std::mem::take(&mut self.work);
        work.push((expr, under));
        while let Some((expr, under)) = work.pop() {
            match tree.kind(expr) {
                ExprKind::String(text) => self.literal(expr, tree.text(text), tree.text_span(text), under),
                ExprKind::JsonString { text, template } => {
                    if let ExprKind::String(_) = tree.kind(template) {
                        self.literal(expr, tree.text(text), tree.text_span(text), under);
                    } else {
                        work.push((template, under));
                    }
                }
                ExprKind::Template(parts) => {
                    self.raw(tree.span(expr), Prose::No);
                    // Its texts are parts of a secret at most, its interpolations may hold one.
                    work.extend(
                        tree.list(parts).filter(|&part| !self.is_text(part)).map(|part| (part, None)),
                    );
                }
                ExprKind::Object(pairs) => self.object(pairs, under, &mut work),
                ExprKind::Call { name, args, .. } => self.call(tree.slice(name), args, under, &mut work),
                ExprKind::Conditional { condition, then, otherwise } => {
                    work.extend([(otherwise, under), (then, under), (condition, None)]);
                }
                ExprKind::For(index) => {
                    let each = tree.for_expr(index);
                    work.extend(each.condition.map(|condition| (condition, None)));
                    work.push((each.value, under));
                    work.extend(each.key.map(|key| (key, None)));
                    work.push((each.collection, None));
                }
                ExprKind::Index { base, key, .. } => work.extend([(key, None), (base, under)]),
                ExprKind::Attr { base, .. } => work.push((base, None)),
                ExprKind::Binary { left, right, .. } => work.extend([(right, None), (left, None)]),
                ExprKind::Paren(_) | ExprKind::Interpolation(_) | ExprKind::Tuple(_) => {
                    tree.each_child(expr, |child| work.push((child, under)));
                }
                _ => tree.each_child(expr, |child| work.push((child, None))),
            }
        }
        self.work = work;
    }

    fn is_text(&self, expr: ExprId) -> bool {
        matches!(self.tree.kind(expr), ExprKind::String(_))
    }

    fn object(&mut self, pairs: List, under: Option<Under<'t>>, work: &mut Vec<(ExprId, Option<Under<'t>>)>) {
        let tree = self.tree;
        let key_text = |key: ExprId| match tree.kind(key) {
            ExprKind::Key => Some(self.written(Text::at(tree.span(key)))),
            ExprKind::Paren(inner) => self.plain_text(inner),
            _ => self.plain_text(key),
        };
        let name_of = |key: ExprId| {
            key_text(key).filter(|key| NAME_KEYS.iter().any(|name| name.eq_ignore_ascii_case(key.name)))
        };
        let named = tree
            .pairs(pairs)
            .find(|&(key, _)| name_of(key).is_some())
            .and_then(|(_, value)| self.under(self.plain_text(value)?, None));
        for (key, value) in tree.pairs(pairs) {
            if self.has_no_text(value) && key_text(key).is_some() {
                continue;
            }
            let inner = match key_text(key) {
                Some(key) => match named {
                    Some(named) if VALUE_KEYS.iter().any(|value| value.eq_ignore_ascii_case(key.name)) => {
                        Some(named)
                    }
                    _ => self.under(key, under),
                },
                None => {
                    work.push((key, None));
                    under.filter(|under| under.inherits)
                }
            };
            work.push((value, inner));
        }
    }

    /// Functions that hand an argument on as it is, and those that put it into another form.
    fn call(
        &mut self,
        name: &str,
        args: List,
        under: Option<Under<'t>>,
        work: &mut Vec<(ExprId, Option<Under<'t>>)>,
    ) {
        let tree = self.tree;
        let name = name.strip_prefix("core::").unwrap_or(name);
        for (index, arg) in tree.list(args).enumerate() {
            let handed_on = match name {
                "coalesce" | "try" | "sensitive" | "nonsensitive" | "tostring" | "base64encode"
                | "jsonencode" | "merge" | "concat" | "tomap" | "toset" | "tolist" | "trimspace"
                | "chomp" | "yamlencode" | "urlencode" | "one" | "coalescelist" | "compact" | "flatten"
                | "distinct" | "ephemeralasnull" | "base64gzip" => true,
                "lookup" => index == 2,
                "element" | "index" => index == 0,
                _ => false,
            };
            work.push((arg, under.filter(|_| handed_on)));
        }
    }

    fn literal(&mut self, expr: ExprId, text: &str, place: Option<Span>, under: Option<Under<'t>>) {
        let whole = self.tree.span(expr);
        let place = place.unwrap_or_else(|| unquoted(whole));
        if let Some(under) = under
            && let Some(judged) = self.recogniser.judge(under.suspicion, under.name, text)
        {
            self.found.push(Secret {
                span: trimmed(&self.tree.source, place),
                sign: judged.sign,
                certain: judged.certain,
            });
        }
        // Few literals give values to names of their own: scripts, settings, addresses with parameters.
        if text.len() > 8
            && self.names_in(whole)
            && memchr::memchr3(b'=', b':', b' ', text.as_bytes()).is_some()
        {
            self.raw(whole, Prose::No);
        }
        if let Some(inner) = encoded::decoded(text) {
            let mut decoded = Vec::new();
            self.recogniser.search_encoded(&inner, text, &mut decoded);
            self.found.extend(decoded.into_iter().map(|secret| Secret { span: place, ..secret }));
        }
    }

    /// Assignments in the bytes at a span; formats are found in the file as a whole.
    fn raw(&mut self, span: Span, prose: Prose) {
        if !self.names_in(span) {
            return;
        }
        let mut found = Vec::new();
        super::assignment::find(self.recogniser, self.tree.slice(span), prose, &mut found);
        let moved = |at: Span| Span::new(at.start + span.start, at.end + span.start);
        self.found.extend(found.into_iter().map(|secret| Secret { span: moved(secret.span), ..secret }));
    }
}

/// Words that say what a value is, so that the name around it does not.
fn says_otherwise(words: &[String]) -> bool {
    const WORDS: &[&str] = &[
        "algorithm",
        "annotations",
        "arn",
        "at",
        "category",
        "class",
        "comment",
        "count",
        "created",
        "date",
        "days",
        "description",
        "email",
        "enabled",
        "endpoint",
        "engine",
        "env",
        "environment",
        "expiration",
        "expires",
        "expiry",
        "file",
        "format",
        "from",
        "group",
        "host",
        "hostname",
        "id",
        "ids",
        "interval",
        "kind",
        "label",
        "labels",
        "length",
        "level",
        "location",
        "metadata",
        "method",
        "mode",
        "name",
        "names",
        "namespace",
        "owner",
        "path",
        "permission",
        "permissions",
        "policy",
        "port",
        "prefix",
        "principal",
        "project",
        "provider",
        "purpose",
        "ref",
        "reference",
        "region",
        "resource",
        "role",
        "roles",
        "rotation",
        "scope",
        "scopes",
        "selector",
        "service",
        "size",
        "source",
        "status",
        "store",
        "subject",
        "suffix",
        "tags",
        "team",
        "title",
        "ttl",
        "type",
        "uri",
        "url",
        "usage",
        "use",
        "user",
        "username",
        "vault",
        "version",
        "key",
        "keys",
        "special",
        "public",
        "certificate",
        "condition",
        "message",
        "repository",
    ];
    words.last().is_some_and(|last| WORDS.contains(&last.as_str()))
}

/// A span without the quotes at its ends.
fn unquoted(span: Span) -> Span {
    if span.len() >= 2 { Span::new(span.start + 1, span.end - 1) } else { span }
}

/// A span without white space at its ends.
fn trimmed(source: &str, span: Span) -> Span {
    let text = source.get(span.start as usize..span.end as usize).unwrap_or_default();
    let start = text.len() - text.trim_start().len();
    let length = text.trim().len();
    if length == 0 {
        span
    } else {
        Span::new(span.start + start as u32, span.start + (start + length) as u32)
    }
}
