//! What a stack adds to a unit: an `autoinclude` block, or the file that one was written to.

use arcstr::ArcStr;

use super::config::Config;
use super::document::Role;
use super::evaluation::Evaluation;
use crate::eval::Problem;
use crate::model::Read;
use crate::source::join;

impl<'m> Evaluation<'_, 'm> {
    /// What a stack adds to the unit.
    pub(super) fn autoinclude(&self) -> Option<Config> {
        let mut config = match self.run.component(&self.dir).filter(|component| component.is_unit) {
            Some(component) => {
                let auto = component.auto.as_ref()?;
                self.report(auto.mistakes());
                let stack = self.run.generated.get(&self.dir).map(|(stack, _)| stack.clone());
                let values = stack.and_then(|stack| self.values_beside(&stack));
                auto.config(values)
            }
            None => self.autoinclude_file()?,
        };
        config.sees_includes = false;
        self.judge_autoinclude(&config);
        Some(config)
    }

    fn autoinclude_file(&self) -> Option<Config> {
        let path = ArcStr::from(join(&self.dir, super::AUTOINCLUDE_NAME));
        if !self.run.ground.is_file(&path) {
            self.note(Read::Absent(path));
            return None;
        }
        self.note(Read::File(path.clone()));
        let document = match self.run.library.document(&self.run.ground.real(&path)) {
            Ok(document) => document,
            Err(error) => {
                let top = self.own.document.at(crate::source::Span::at(0));
                self.wrong(top, super::include::unreadable(&path, &error));
                return None;
            }
        };
        self.report(document.mistakes(Role::Unit).iter().cloned());
        Some(Config::new(document, self.dir.clone(), self.own.values.clone()))
    }

    /// An include in it leads nowhere but to errors.
    fn judge_autoinclude(&self, config: &Config) {
        let tree = &config.document.tree;
        if let Some(include) = tree.blocks_of(config.body, "include").next() {
            let problem = Problem::new(
                config.document.at(include.header),
                "what a stack adds to a unit can include nothing",
            );
            self.report([problem.with_help("let the unit itself include the file")]);
        }
    }
}
