//! Files that are read while a unit is evaluated: `read_terragrunt_config`, `read_tfvars_file`.

use std::rc::Rc;
use std::sync::Arc;

use arcstr::ArcStr;

use super::bounds::{READ_DEPTH, READS_OF_UNIT};
use super::config::Config;
use super::document::Role;
use super::evaluation::Evaluation;
use super::shape;
use super::unit::{Finished, Reading};
use crate::eval::Problem;
use crate::model::{Read, ReadSet};
use crate::source::{EntryKind, join, split};
use crate::value::Value;

/// Why a file cannot be read.
pub(super) enum Unread {
    /// It is not there.
    Absent,
    /// A sentence that says why.
    Because(String),
    /// This was told of another file already.
    Told,
}

impl Unread {
    fn because(why: impl ToString) -> Self {
        Self::Because(why.to_string())
    }
}

/// A file that was read, and what it says.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) value: Value,
    pub(super) problems: Vec<Problem>,
    pub(super) reads: ReadSet,
}

impl<'m> Evaluation<'_, 'm> {
    /// Another file as a value.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub(super) fn read_config(&self, from: &str, path: &str) -> Result<Arc<ReadFile>, Unread> {
        // Where files read one another, one word about it is enough.
        if self.left.get() == 0 {
            self.turn_peculiar();
            return Err(Unread::Told);
        }
        let Some(path) = self.run.ground.resolve(from, path) else {
            return Err(Unread::because("leads out of the repository"));
        };
        // What a stack hands over it writes into a file, too.
        if let (directory, super::VALUES_NAME) = split(&path)
            && let Some(values) = self.run.given_values(directory)
        {
            let (value, problems, reads) = (values.clone(), Vec::new(), ReadSet::default());
            return Ok(Arc::new(ReadFile { value, problems, reads }));
        }
        let path = match self.run.ground.kind(&path) {
            Some(EntryKind::File) => ArcStr::from(path),
            Some(EntryKind::Directory) => match self.configuration_of(&path) {
                Some(file) => file,
                None => {
                    self.note(Read::Absent(join(&path, super::UNIT_NAME).into()));
                    return Err(Unread::Absent);
                }
            },
            None => {
                self.note(Read::Absent(path.into()));
                return Err(Unread::Absent);
            }
        };
        self.note(Read::File(path.clone()));
        if let Some(kept) = self.run.kept(&path) {
            self.take_reads(&kept);
            return Ok(kept);
        }
        let too_far = if self.reading.contains(&path) || path == self.path {
            Some("is being read already: these files read one another".to_owned())
        } else if self.reading.len() >= READ_DEPTH {
            Some(format!("is more than {READ_DEPTH} files away from the unit"))
        } else if self.left.get() == 1 {
            Some(format!("is one more than the {READS_OF_UNIT} files that a unit may read"))
        } else {
            None
        };
        if let Some(why) = too_far {
            self.turn_peculiar();
            self.left.set(0);
            return Err(Unread::Because(why));
        }
        self.left.set(self.left.get().saturating_sub(1));
        let (file, peculiar) = self.read_fresh(&path)?;
        let file = Arc::new(file);
        self.take_reads(&file);
        if peculiar {
            self.turn_peculiar();
        } else {
            self.run.keep(path, file.clone());
        }
        Ok(file)
    }

    /// What is being evaluated is so for this unit alone.
    fn turn_peculiar(&self) {
        self.peculiar.set(true);
        self.traces.mark();
    }

    fn configuration_of(&self, directory: &str) -> Option<ArcStr> {
        let stack = || {
            let path = join(directory, super::STACK_NAME);
            self.run.ground.is_file(&path).then(|| path.into())
        };
        self.run.configuration(directory).or_else(stack)
    }

    fn take_reads(&self, file: &ReadFile) {
        file.reads.reads.iter().for_each(|read| self.traces.read(read));
        self.reads.borrow_mut().reads.extend(file.reads.reads.iter().cloned());
    }

    fn read_fresh(&self, path: &ArcStr) -> Result<(ReadFile, bool), Unread> {
        let name = split(path).1;
        if name == super::STACK_NAME {
            return self.read_stack(path).map(|file| (file, false));
        }
        if name == super::VALUES_NAME {
            return self.read_values(path).map(|file| (file, false));
        }
        let mut files = self.reading.clone();
        files.push(self.path.clone());
        let on = Reading {
            outputs: self.outputs,
            original: self.original.clone(),
            files,
            left: Rc::clone(&self.left),
        };
        let evaluation = Evaluation::open(self.run, path, on).map_err(Unread::because)?;
        let Finished { section, locals, dependency, mut problems, astray, reads, peculiar, .. } =
            evaluation.finish();
        problems.extend(astray);
        let value = shape::whole(&section, locals, Some(&dependency));
        Ok((ReadFile { value, problems, reads }, peculiar))
    }

    fn read_values(&self, path: &ArcStr) -> Result<ReadFile, Unread> {
        let document = self.run.library.document(&self.run.ground.real(path));
        let document = document.map_err(Unread::because)?;
        let before = self.problems.borrow().len();
        self.report(document.mistakes(Role::Values).iter().cloned());
        let value = self.attributes(&Config::new(document, split(path).0.into(), None));
        let problems = self.problems.borrow_mut().split_off(before);
        Ok(ReadFile { value, problems, reads: ReadSet::default() })
    }

    fn read_stack(&self, path: &ArcStr) -> Result<ReadFile, Unread> {
        let dir = ArcStr::from(split(path).0);
        let stack = super::stack::read(self.run, &dir).map_err(Unread::because)?;
        let value = stack.as_value();
        Ok(ReadFile { value, problems: stack.problems, reads: stack.reads })
    }

    /// A file of variable values as JSON.
    pub(super) fn read_variables(&self, from: &str, path: &str) -> Result<Value, String> {
        let Some(path) = self.run.ground.resolve(from, path) else {
            return Err("leads out of the repository".to_owned());
        };
        if !self.run.ground.is_file(&path) {
            self.note(Read::Absent(path.into()));
            return Err("does not exist".to_owned());
        }
        self.note(Read::File(path.as_str().into()));
        if path.ends_with(".json") {
            let bytes = self.run.ground.read(&path).map_err(|error| error.to_string())?;
            let text = crate::source::text(bytes).map_err(|error| error.to_string())?;
            return Ok(Value::text(&text));
        }
        let document = self.run.library.document(&self.run.ground.real(&path));
        let document = document.map_err(|error| error.to_string())?;
        if let Some(error) = document.tree.errors.first() {
            return Err(format!("is broken: {}", error.message));
        }
        let before = self.problems.borrow().len();
        let config = Config::new(document, split(&path).0.into(), None);
        let value = self.attributes(&config);
        let problems = self.problems.borrow_mut().split_off(before);
        if let Some(problem) = problems.first() {
            return Err(format!("holds more than values: {}", problem.message));
        }
        Ok(value)
    }
}
