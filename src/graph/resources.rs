//! Resources, and which refer to which: inside of a root, through its modules, and from unit to unit.

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::{EDGES, STEPS};
use super::given::{Given, Source};
use super::mentions::{Mention, Mentions};
use super::{EdgeKind, Graph, Node, NodeKind};
use crate::model::{Mode, Model, ModuleId, Root, Target};

/// The resources of all roots and units, and which refer to which. Their addresses have no keys of instances.
#[must_use]
pub fn resources(model: &Model) -> Graph {
    let mut search = Search::of(model);
    let mut edges = Vec::new();
    let mut left = STEPS;
    let mut truncated = false;
    for (node, given) in &search.lost {
        let found = search.follow_all(given.all(), &mut left);
        edges.extend(found.into_iter().map(|to| (*node, to, EdgeKind::Reference, ArcStr::new())));
    }
    for (index, root) in search.roots.iter().enumerate() {
        for (node, way) in root.starts(index) {
            let found = search.follow(vec![way], Vec::new(), &mut left);
            if left == 0 || edges.len() + found.len() > EDGES {
                truncated = true;
                break;
            }
            edges.extend(found.into_iter().map(|to| (node, to, EdgeKind::Reference, ArcStr::new())));
        }
    }
    Graph { truncated, ..Graph::of(std::mem::take(&mut search.nodes), edges) }
}

/// A module as one root uses it, through one call: its instances are one.
struct Part {
    module: ModuleId,
    /// Who calls it, and by which of its calls.
    caller: Option<(usize, usize)>,
    /// What its calls lead to.
    calls: Vec<Called>,
    /// The nodes of its resources, in the order of their declarations.
    resources: Vec<Option<usize>>,
}

#[derive(Clone, Copy)]
enum Called {
    Nothing,
    Part(usize),
    /// A module that is not at hand.
    Node(usize),
}

/// A root with the modules in it.
struct Whole {
    parts: Vec<Part>,
    given: Option<Given>,
}

/// A step on the way from a resource to those that it refers to.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Stop {
    root: usize,
    part: usize,
    at: At,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum At {
    /// The resource itself.
    Resource(usize),
    /// Something that is mentioned.
    Mention(Mention),
    Output(ArcStr),
    /// All that a part makes.
    All,
    /// What a call says of all that it makes.
    Call(usize),
}

impl Whole {
    /// Every resource, and where the way from it begins.
    fn starts(&self, root: usize) -> Vec<(usize, Stop)> {
        let mut found = Vec::new();
        for (part, of) in self.parts.iter().enumerate() {
            let nodes = of.resources.iter().enumerate();
            let nodes = nodes.filter_map(|(at, node)| Some(((*node)?, At::Resource(at))));
            let calls = of.calls.iter().enumerate().filter_map(|(at, called)| match called {
                Called::Node(node) => Some((*node, At::Call(at))),
                _ => None,
            });
            found.extend(nodes.chain(calls).map(|(node, at)| (node, Stop { root, part, at })));
        }
        found
    }
}

struct Search<'m> {
    model: &'m Model,
    nodes: Vec<Node>,
    /// By directory and address.
    places: FxHashMap<(ArcStr, ArcStr), usize>,
    mentions: FxHashMap<ModuleId, Mentions>,
    roots: Vec<Whole>,
    /// The roots of units, by directory.
    units: FxHashMap<&'m str, usize>,
    /// Units whose module is not at hand.
    lost: Vec<(usize, Given)>,
}

impl<'m> Search<'m> {
    fn of(model: &'m Model) -> Self {
        let mut search = Self {
            model,
            nodes: Vec::new(),
            places: FxHashMap::default(),
            mentions: FxHashMap::default(),
            roots: Vec::new(),
            units: FxHashMap::default(),
            lost: Vec::new(),
        };
        for (index, root) in model.roots.iter().enumerate() {
            if let Some(unit) = &root.unit {
                search.units.insert(unit, index);
            }
            let whole = search.whole(root);
            search.roots.push(whole);
        }
        for unit in model.units.iter().filter(|unit| unit.unavailable.is_some()) {
            let node = search.node(&unit.dir, "", NodeKind::Unit);
            search.lost.push((node, Given::to(model, unit)));
        }
        search
    }

    fn node(&mut self, directory: &ArcStr, address: &str, kind: NodeKind) -> usize {
        let key = (directory.clone(), ArcStr::from(address));
        if let Some(&at) = self.places.get(&key) {
            return at;
        }
        let at = self.nodes.len();
        self.nodes.push(Node { directory: key.0.clone(), address: key.1.clone(), kind });
        self.places.insert(key, at);
        at
    }

    /// A root with its modules, their instances merged.
    fn whole(&mut self, root: &Root) -> Whole {
        let model = self.model;
        let mut parts: Vec<Part> = Vec::new();
        let mut paths: Vec<String> = Vec::new();
        let mut known: FxHashMap<(usize, u32), usize> = FxHashMap::default();
        // Callers come before those they call.
        let mut part_of: Vec<usize> = Vec::with_capacity(root.instances.len());
        for instance in &root.instances {
            let module = model.module(instance.module);
            self.mentions.entry(module.id).or_insert_with(|| Mentions::of(model, module));
            let caller = instance
                .caller
                .and_then(|(caller, call)| Some((part_of.get(caller.0 as usize).copied()?, call)));
            let at = match caller.and_then(|key| known.get(&key)) {
                Some(&at) => at,
                None => {
                    let path = caller.map_or(String::new(), |(part, call)| {
                        let calls = parts.get(part).map(|part| &model.module(part.module).calls);
                        let call = calls.and_then(|calls| calls.get(call as usize));
                        let name = call.map_or("", |call| call.named.name.as_str());
                        below(paths.get(part).map_or("", String::as_str), &format!("module.{name}"))
                    });
                    parts.push(Part {
                        module: module.id,
                        caller: caller.map(|(part, call)| (part, call as usize)),
                        calls: vec![Called::Nothing; module.calls.len()],
                        resources: vec![None; module.resources.len()],
                    });
                    paths.push(path);
                    let at = parts.len() - 1;
                    if let Some((part, call)) = caller {
                        known.insert((part, call), at);
                        if let Some(slot) = parts.get_mut(part).and_then(|it| it.calls.get_mut(call as usize))
                        {
                            *slot = Called::Part(at);
                        }
                    }
                    at
                }
            };
            part_of.push(at);
            let path = paths.get(at).cloned().unwrap_or_default();
            for resource in &instance.resources {
                let kind = match resource.mode {
                    Mode::Managed => NodeKind::Resource,
                    Mode::Data => NodeKind::Data,
                    Mode::Ephemeral => NodeKind::Ephemeral,
                };
                let own = format!("{}{}.{}", resource.mode.prefix(), resource.ty, resource.name);
                let slot = parts.get(at).and_then(|it| it.resources.get(resource.declaration as usize));
                if slot.is_some_and(Option::is_none) {
                    let node = self.node(&root.scope, &below(&path, &own), kind);
                    if let Some(slot) =
                        parts.get_mut(at).and_then(|it| it.resources.get_mut(resource.declaration as usize))
                    {
                        *slot = Some(node);
                    }
                }
            }
            for (index, call) in instance.calls.iter().enumerate() {
                let Some(declared) = module.calls.get(index) else { continue };
                if matches!(call.target, Target::Opaque(_)) && !call.addresses.is_empty() {
                    let address = below(&path, &format!("module.{}", declared.named.name));
                    let node = self.node(&root.scope, &address, NodeKind::Module);
                    if let Some(slot) = parts.get_mut(at).and_then(|it| it.calls.get_mut(index)) {
                        *slot = Called::Node(node);
                    }
                }
            }
        }
        let unit = root.unit.as_ref().and_then(|unit| model.unit(unit));
        Whole { parts, given: unit.map(|unit| Given::to(model, unit)) }
    }

    /// The nodes that parts of other units lead to, sorted.
    fn follow_all<'s>(&self, sources: impl Iterator<Item = &'s Source>, left: &mut usize) -> Vec<usize> {
        let (mut open, mut found) = (Vec::new(), Vec::new());
        sources.for_each(|source| self.source(source, &mut open, &mut found));
        self.follow(open, found, left)
    }

    /// The nodes that stops lead to, and those that were found before, sorted.
    fn follow(&self, mut open: Vec<Stop>, mut found: Vec<usize>, left: &mut usize) -> Vec<usize> {
        let mut known: FxHashSet<Stop> = FxHashSet::default();
        while let Some(stop) = open.pop() {
            if *left == 0 {
                break;
            }
            if !known.insert(stop.clone()) {
                continue;
            }
            *left -= 1;
            self.next(&stop, &mut open, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What is next to a stop on the way: nodes, and further stops.
    fn next(&self, stop: &Stop, open: &mut Vec<Stop>, found: &mut Vec<usize>) {
        let Some(whole) = self.roots.get(stop.root) else { return };
        let Some(part) = whole.parts.get(stop.part) else { return };
        let Some(mentions) = self.mentions.get(&part.module) else { return };
        let module = self.model.module(part.module);
        let to = |part: usize, at: At| Stop { root: stop.root, part, at };
        let mut go = |part: usize, mentions: &[Mention]| {
            open.extend(mentions.iter().map(|mention| to(part, At::Mention(mention.clone()))));
        };
        match &stop.at {
            At::Resource(index) => {
                go(stop.part, mentions.resources.get(*index).map(Vec::as_slice).unwrap_or_default());
                // All that a call makes hangs on what the call, and those around it, hang on.
                let mut at = part;
                while let Some((caller, call)) = at.caller {
                    let Some(above) = whole.parts.get(caller) else { break };
                    let of = self.mentions.get(&above.module).and_then(|it| it.calls.get(call));
                    go(caller, of.map(|call| call.whole.as_slice()).unwrap_or_default());
                    at = above;
                }
            }
            At::Call(index) => {
                let Some(call) = mentions.calls.get(*index) else { return };
                call.arguments.values().for_each(|mentions| go(stop.part, mentions));
                go(stop.part, &call.whole);
            }
            At::Mention(Mention::Resource(index)) => {
                found.extend(part.resources.get(*index).copied().flatten());
            }
            At::Mention(Mention::Local(index)) => {
                go(stop.part, mentions.locals.get(*index).map(Vec::as_slice).unwrap_or_default());
            }
            At::Mention(Mention::Variable(index)) => {
                let Some(variable) = module.variables.get(*index) else { return };
                match part.caller {
                    Some((caller, call)) => {
                        let above = whole.parts.get(caller).and_then(|it| self.mentions.get(&it.module));
                        let argument =
                            above.and_then(|it| it.calls.get(call)?.arguments.get(&variable.named.name));
                        go(caller, argument.map(Vec::as_slice).unwrap_or_default());
                    }
                    None => {
                        let sources = whole.given.iter().flat_map(|it| it.sources(&variable.named.name));
                        sources.for_each(|source| self.source(source, open, found));
                    }
                }
            }
            At::Mention(Mention::Output(call, output)) => match part.calls.get(*call) {
                Some(Called::Part(part)) => {
                    let at = output.clone().map_or(At::All, At::Output);
                    open.push(to(*part, at));
                }
                Some(Called::Node(node)) => found.push(*node),
                _ => {}
            },
            At::Output(name) => {
                let output = module.output(name).and_then(|index| mentions.outputs.get(index));
                go(stop.part, output.map(Vec::as_slice).unwrap_or_default());
            }
            At::All => {
                found.extend(part.resources.iter().flatten());
                for called in &part.calls {
                    match called {
                        Called::Part(part) => open.push(to(*part, At::All)),
                        Called::Node(node) => found.push(*node),
                        Called::Nothing => {}
                    }
                }
            }
        }
    }

    /// Something of another unit.
    fn source(&self, source: &Source, open: &mut Vec<Stop>, found: &mut Vec<usize>) {
        match source {
            Source::Output(directory, name) => match self.units.get(directory.as_str()) {
                Some(&root) => {
                    let at = name.clone().map_or(At::All, At::Output);
                    open.push(Stop { root, part: 0, at });
                }
                None => found.extend(self.places.get(&(directory.clone(), ArcStr::new()))),
            },
            Source::Address(directory, address) => {
                let key = (directory.clone(), ArcStr::from(without_keys(address)));
                found.extend(self.places.get(&key));
            }
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// An address without the keys of instances.
fn without_keys(address: &str) -> String {
    let mut kept = String::with_capacity(address.len());
    let (mut inside, mut quoted, mut escaped) = (false, false, false);
    for letter in address.chars() {
        match letter {
            '[' if !inside => inside = true,
            ']' if inside && !quoted => inside = false,
            '"' if inside && !escaped => quoted = !quoted,
            _ if !inside => kept.push(letter),
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_keys;

    #[test]
    fn keys_are_no_part_of_an_address() {
        for (address, without) in [
            ("aws_vpc.this", "aws_vpc.this"),
            ("module.a[\"x]y\"].aws_vpc.this[0]", "module.a.aws_vpc.this"),
            ("module.a[\"\\\"]\\\\\"].b.c[*]", "module.a.b.c"),
        ] {
            assert_eq!(without_keys(address), without, "{address}");
        }
    }
}
