//! What names mean in Terragrunt's files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arcstr::ArcStr;

use super::config::Config;
use super::evaluation::Evaluation;
use super::functions;
use super::schema::Phase;
use crate::eval::functions::{Call, Fault, Function};
use crate::eval::{Access, Dialect, Failed, Log, Problem, Reference, Resolved, Scope, World};
use crate::model::Read;
use crate::source::{EntryKind, ReadError};
use crate::suggest::did_you_mean;
use crate::value::{Exact, Type, Unknown, Value};

/// The names of a file, when something in it is evaluated.
pub(super) struct Names<'a, 'r, 'm> {
    pub(super) evaluation: &'a Evaluation<'r, 'm>,
    pub(super) config: &'a Config,
    pub(super) phase: Phase,
}

impl Scope for Names<'_, '_, '_> {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        if let Some((_, value)) = self.config.outer.iter().find(|(name, _)| *name == reference.root) {
            return Ok(Resolved { value: value.clone(), consumed: 0 });
        }
        let late = self.phase >= Phase::Locals;
        match reference.root {
            "local" if late => self.local(reference, log),
            "include" if late && self.config.sees_includes && !self.evaluation.includes.is_empty() => {
                self.evaluation.traces.mark();
                self.include(reference, log)
            }
            "feature" if late => Ok(Resolved { value: self.evaluation.features.clone(), consumed: 0 }),
            "values" if self.config.values.is_some() => {
                let value = self.config.values.clone().unwrap_or_else(Value::null);
                Ok(Resolved { value, consumed: 0 })
            }
            "dependency" if self.phase == Phase::Late && self.config.sees_dependencies => {
                self.evaluation.traces.mark();
                let value = self.evaluation.dependency_value(reference, log)?;
                Ok(Resolved { value, consumed: 0 })
            }
            root => {
                self.evaluation.traces.mark();
                Err(log.report(self.nobody(root, reference)))
            }
        }
    }

    fn world(&self) -> &dyn World {
        self
    }

    fn directory(&self) -> ArcStr {
        self.evaluation.scope()
    }

    fn dialect(&self) -> Option<&dyn Dialect> {
        Some(self)
    }
}

impl Names<'_, '_, '_> {
    fn nobody(&self, root: &str, reference: &Reference<'_>) -> Problem {
        let problem = Problem::new(reference.location, format!("`{root}` has no meaning here"));
        let why = match (root, self.phase) {
            ("values", _) => "there is no `terragrunt.values.hcl` beside the file; a stack may write one",
            ("include", phase) if phase >= Phase::Locals && !self.evaluation.includes.is_empty() => {
                "only the file with the `include` blocks can look into what it includes"
            }
            ("include", phase) if phase >= Phase::Locals => "the file includes nothing",
            ("local" | "include" | "feature", _) => "only functions and `values` can be used here",
            ("dependency", _) => "outputs are not known yet where this is evaluated",
            _ => {
                return Problem {
                    help: did_you_mean(root, ["local", "include", "feature", "values", "dependency"]),
                    ..problem
                };
            }
        };
        problem.with_help(why)
    }

    fn local(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        match reference.steps.first() {
            Some(Access::Attr(name, span)) => {
                if self.config.local(name).is_some() {
                    let value = self.evaluation.local(self.config, name, reference.location)?;
                    return Ok(Resolved { value, consumed: 1 });
                }
                // Among locals this shows as it is written, and was told so.
                if self.phase == Phase::Locals && !self.config.lenient {
                    return Err(Failed);
                }
                let location = self.config.document.at(*span);
                let problem = Problem::new(location, format!("there is no local value `{name}`"));
                let locals = self.config.locals();
                let names = locals.iter().map(|local| self.config.document.tree.name(local.name));
                let help = did_you_mean(name, names);
                Err(log.report(Problem { help, absent: true, ..problem }))
            }
            _ if self.phase == Phase::Locals && !self.config.lenient => Err(Failed),
            _ => Ok(Resolved { value: self.evaluation.locals(self.config)?, consumed: 0 }),
        }
    }

    /// `include.label.section.name`: only what is asked for is evaluated.
    fn include(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let evaluation = self.evaluation;
        let mut taken = 0;
        let lone = match evaluation.includes.as_slice() {
            [include] if include.label.is_empty() => Some(include),
            _ => None,
        };
        let chosen = match lone {
            Some(include) => Some(include),
            None => {
                let label = match reference.steps.first() {
                    Some(Access::Attr(name, _)) => Some(*name),
                    Some(Access::Index(key, _)) => key.as_str(),
                    None => None,
                };
                taken = 1;
                label
                    .and_then(|label| evaluation.includes.iter().rev().find(|include| include.label == label))
            }
        };
        let exposed = chosen.filter(|include| include.expose);
        let Some(include) = exposed else {
            if let Some(include) = chosen {
                let message = format!("the include `{}` is not exposed", include.label);
                let help = "set `expose = true` in it, and its configuration can be read";
                return Err(log.report(Problem::new(reference.location, message).with_help(help)));
            }
            return Ok(Resolved { value: evaluation.exposed(self.phase)?, consumed: 0 });
        };
        let Some(config) = &include.config else {
            // Its file is not there, or not known, which was told.
            return Err(Failed);
        };
        let step = |index: usize| match reference.steps.get(taken + index) {
            Some(Access::Attr(name, _)) => Some(*name),
            Some(Access::Index(key, _)) => key.as_str(),
            None => None,
        };
        if let (Some("locals"), Some(name)) = (step(0), step(1))
            && config.local(name).is_some()
        {
            let value = evaluation.local(config, name, reference.location)?;
            return Ok(Resolved { value, consumed: taken + 2 });
        }
        match step(0) {
            Some("locals") if config.has_locals() => {
                Ok(Resolved { value: evaluation.locals(config)?, consumed: taken + 1 })
            }
            Some("inputs") => {
                Ok(Resolved { value: evaluation.inputs_of(config, self.phase)?, consumed: taken + 1 })
            }
            _ => Ok(Resolved { value: evaluation.shape_of(config, self.phase)?, consumed: taken }),
        }
    }

    /// A value that only a run gives.
    pub(super) fn unknown(&self, what: impl Into<ArcStr>) -> Value {
        self.evaluation.traces.mark();
        let exact = Exact::new(self.evaluation.scope(), what);
        Value::unknown(Unknown {
            ty: Type::String,
            ..Unknown::new(crate::value::Identity::Exact(exact.into()))
        })
    }

    fn inside(&self, path: &Path) -> Result<String, String> {
        let path = path.to_str().ok_or_else(|| "has a name that is not UTF-8".to_owned())?;
        let path = self.evaluation.run.ground.resolve("", path);
        path.ok_or_else(|| "lies outside of the repository".to_owned())
    }

    fn gather(
        &self,
        directory: &str,
        prefix: &str,
        depth: usize,
        into: &mut Vec<String>,
    ) -> Result<(), String> {
        use crate::terraform::bounds::{LISTED_DEPTH, LISTED_FILES};
        if depth > LISTED_DEPTH {
            return Ok(());
        }
        self.evaluation.note(Read::Listing(directory.into()));
        let entries = self.evaluation.run.ground.list(directory).map_err(|error| error.to_string())?;
        for entry in entries.iter() {
            let name = crate::source::join(prefix, &entry.name);
            match entry.kind {
                Ok(EntryKind::File) => into.push(name),
                Ok(EntryKind::Directory) => {
                    // What cannot be listed further in holds no files for us.
                    let below = crate::source::join(directory, &entry.name);
                    let _ = self.gather(&below, &name, depth + 1, into);
                }
                Err(_) => {}
            }
            if into.len() > LISTED_FILES {
                return Err(format!("holds more than {LISTED_FILES} files"));
            }
        }
        Ok(())
    }
}

impl World for Names<'_, '_, '_> {
    fn base(&self) -> &Path {
        let ground = &self.evaluation.run.ground;
        self.config.base.get_or_init(|| PathBuf::from(ground.absolute(&self.config.beside)))
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        let path = self.inside(path)?;
        let outcome = self.evaluation.run.ground.read(&path);
        self.evaluation.note(match &outcome {
            Err(ReadError::Missing) => Read::Absent(path.into()),
            _ => Read::File(path.into()),
        });
        outcome.map(Arc::from).map_err(|error| error.to_string())
    }

    fn is_file(&self, path: &Path) -> Result<bool, String> {
        let path = self.inside(path)?;
        match self.evaluation.run.ground.kind(&path) {
            Some(EntryKind::File) => {
                self.evaluation.note(Read::File(path.into()));
                Ok(true)
            }
            Some(EntryKind::Directory) => Err("is a directory".to_owned()),
            None => {
                self.evaluation.note(Read::Absent(path.into()));
                Ok(false)
            }
        }
    }

    fn files_below(&self, directory: &Path) -> Result<Vec<String>, String> {
        let directory = self.inside(directory)?;
        if self.evaluation.run.ground.kind(&directory) != Some(EntryKind::Directory) {
            self.evaluation.note(Read::Absent(directory.into()));
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        self.gather(&directory, "", 0, &mut files)?;
        files.sort();
        Ok(files)
    }
}

impl Dialect for Names<'_, '_, '_> {
    fn function(&self, name: &str) -> Option<&'static Function> {
        functions::lookup(name)
    }

    fn has_form(&self, name: &str) -> bool {
        matches!(name, "try" | "can")
    }

    fn names(&self) -> Vec<&'static str> {
        functions::names()
    }

    fn call(
        &self,
        function: &'static Function,
        given: &[Value],
        call: &mut Call<'_>,
    ) -> Result<Value, Fault> {
        functions::call(self, function.name, given, call)
    }
}
