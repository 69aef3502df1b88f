use crate::finding::Place;
use crate::model::{
    self, BlockAt, BlockInstance, ExprAt, InstanceId, Mode, Model, Module, ModuleInstance, ResourceInstance,
    Root, RootId,
};
use crate::source::{FileId, Location, ReadError, SourceFile, Span};
use crate::syntax::Tree;
use crate::value::Value;

/// A file as it is written.
#[derive(Debug)]
pub struct FileSubject<'a> {
    /// All that is known.
    pub model: &'a Model,
    /// The file.
    pub id: FileId,
    /// Its path and text (empty if it could not be read).
    pub source: &'a SourceFile,
    /// What it is to Terraform, and its syntax.
    pub file: &'a model::File,
    /// Why it could not be read.
    pub error: Option<&'a ReadError>,
}

/// A module directory as it is written.
#[derive(Clone, Copy, Debug)]
pub struct ModuleSubject<'a> {
    /// All that is known.
    pub model: &'a Model,
    /// The module.
    pub module: &'a Module,
}

/// An evaluated root module.
#[derive(Clone, Copy, Debug)]
pub struct RootSubject<'a> {
    /// All that is known.
    pub model: &'a Model,
    /// The root's id.
    pub id: RootId,
    /// The root.
    pub root: &'a Root,
}

/// An evaluated instance of a module.
#[derive(Clone, Copy, Debug)]
pub struct InstanceSubject<'a> {
    /// The root it belongs to.
    pub root: RootSubject<'a>,
    /// Its id in the root.
    pub id: InstanceId,
    /// The instance.
    pub instance: &'a ModuleInstance,
    /// The module, as it is written.
    pub module: &'a Module,
}

/// An evaluated instance of a resource.
#[derive(Clone, Copy, Debug)]
pub struct ResourceSubject<'a> {
    /// The module instance it belongs to.
    pub instance: InstanceSubject<'a>,
    /// The resource instance.
    pub resource: &'a ResourceInstance,
    /// Its declaration, as it is written.
    pub declaration: &'a model::Resource,
}

impl<'a> FileSubject<'a> {
    /// The file's syntax, if it has one.
    #[must_use]
    pub fn tree(&self) -> Option<&'a Tree> {
        self.file.tree.as_deref()
    }

    /// A place in the file.
    #[must_use]
    pub fn at(&self, span: Span) -> Location {
        Location::new(self.id, span)
    }
}

impl<'a> ModuleSubject<'a> {
    /// Where a finding about the module as a whole points: the first byte of its first file.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.module.files.first().map(|&file| Location::new(file, Span::at(0)))
    }

    /// The syntax of its files, in their order.
    pub fn trees(&self) -> impl Iterator<Item = &'a Tree> + use<'a> {
        let model = self.model;
        self.module.files.iter().filter_map(move |&file| model.tree(file))
    }
}

impl<'a> RootSubject<'a> {
    /// The module instances, the root's own first.
    pub fn instances(&self) -> impl Iterator<Item = InstanceSubject<'a>> + use<'a> {
        let root = *self;
        root.root.instances.iter().enumerate().map(move |(index, instance)| InstanceSubject {
            root,
            id: InstanceId(index as u32),
            instance,
            module: root.model.module(instance.module),
        })
    }

    /// The resource instances of all its module instances.
    pub fn resources(&self) -> impl Iterator<Item = ResourceSubject<'a>> + use<'a> {
        self.instances().flat_map(|instance| instance.resources())
    }

    /// The managed resource instances of these types.
    pub fn managed(&self, types: &'a [&'a str]) -> impl Iterator<Item = ResourceSubject<'a>> + use<'a> {
        self.resources().filter(move |subject| {
            subject.resource.mode == Mode::Managed && types.contains(&subject.resource.ty.as_str())
        })
    }

    /// What a finding about the root module as a whole says it is about.
    #[must_use]
    pub fn place(&self) -> Place {
        self.model.place(self.id, InstanceId(0), None)
    }
}

impl<'a> InstanceSubject<'a> {
    /// All that is known.
    #[must_use]
    pub fn model(&self) -> &'a Model {
        self.root.model
    }

    /// Its resource instances.
    pub fn resources(&self) -> impl Iterator<Item = ResourceSubject<'a>> + use<'a> {
        let instance = *self;
        instance.instance.resources.iter().filter_map(move |resource| {
            let declaration = instance.module.resources.get(resource.declaration as usize)?;
            Some(ResourceSubject { instance, resource, declaration })
        })
    }

    /// What a finding about it says it is about.
    #[must_use]
    pub fn place(&self) -> Place {
        self.model().place(self.root.id, self.id, None)
    }
}

impl<'a> ResourceSubject<'a> {
    /// All that is known.
    #[must_use]
    pub fn model(&self) -> &'a Model {
        self.instance.root.model
    }

    /// The attribute of that name (nested blocks are tuples of objects); `None` if it is not written. What the provider
    /// decides is there once a plan knows it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'a Value> {
        let value = self.resource.attributes.get(name)?;
        (value.as_unknown().is_none() || self.is_of_a_plan_alone() || self.may_write(name)).then_some(value)
    }

    /// Whether the declaration has an argument or blocks of that name, for all that can be read of it.
    fn may_write(&self, name: &str) -> bool {
        let (model, declaration) = (self.model(), self.declaration);
        let is_block = |at: &BlockAt| {
            model.tree(at.file).is_some_and(|tree| {
                let block = tree.block(at.block);
                let kind = tree.name(block.kind);
                kind == name || kind == "dynamic" && tree.label(block, 0) == Some(name)
            })
        };
        declaration.body.argument(model, name).is_some()
            || declaration.body.blocks.iter().any(is_block)
            || model.is_damaged(&declaration.named)
    }

    /// Its nested blocks of that type with their values, in the order of the text.
    pub fn blocks(&self, kind: &'a str) -> impl Iterator<Item = (&'a BlockInstance, &'a Value)> + use<'a> {
        let values = self.attribute(kind).and_then(Value::elements).unwrap_or_default();
        self.resource.blocks.iter().filter(move |block| block.kind == kind).zip(values)
    }

    /// Where the declaration's header stands.
    #[must_use]
    pub fn header(&self) -> Location {
        self.declaration.named.location()
    }

    /// Where a value was written; the declaration's header if no file wrote it.
    #[must_use]
    pub fn origin(&self, value: &Value) -> Location {
        self.model().locate(value.origin()).unwrap_or_else(|| self.header())
    }

    /// The expression of the argument of that name in the declaration.
    #[must_use]
    pub fn written(&self, name: &str) -> Option<ExprAt> {
        self.declaration.body.value(self.model(), name)
    }

    /// What a finding about it says it is about.
    #[must_use]
    pub fn place(&self) -> Place {
        let address = Some(self.resource.address.clone());
        self.model().place(self.instance.root.id, self.instance.id, address)
    }

    /// Whether a plan is all that is known of it.
    #[must_use]
    pub fn is_of_a_plan_alone(&self) -> bool {
        self.instance.module.files.is_empty()
    }

    /// What a finding about one of its values says it is about. Where a plan is all that is known of it, the path tells
    /// which value it is; else the source does.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Place {
        let place = self.place();
        if self.is_of_a_plan_alone() { place.with_attribute(path) } else { place }
    }
}
