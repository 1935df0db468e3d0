//! What a record is: its type, and what its helper attributes mark.

use syn::{Attribute, Data, DeriveInput, Field, Fields, Generics, Ident, Index, Member, Type};

/// A record.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) kind: Kind,
    /// What `#[key]` and `#[priority]` stand on, in order.
    pub(crate) marks: Vec<Mark>,
}

/// The kind of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Struct,
    Enum,
    Union,
}

/// A helper attribute on a field.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) attr: Attribute,
    pub(crate) role: Role,
    pub(crate) member: Member,
    pub(crate) ty: Type,
}

/// What a helper attribute says of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// `#[key]`
    Key,
    /// `#[priority]`
    Priority,
}

/// The helper attributes by name.
pub(crate) const ROLES: [(&str, Role); 2] = [("key", Role::Key), ("priority", Role::Priority)];

impl Record {
    pub(crate) fn new(input: DeriveInput) -> Self {
        let (kind, marks) = match &input.data {
            Data::Struct(data) => (Kind::Struct, marks(&data.fields)),
            Data::Enum(data) => (
                Kind::Enum,
                data.variants.iter().flat_map(|variant| marks(&variant.fields)).collect(),
            ),
            Data::Union(data) => (Kind::Union, marks(&Fields::Named(data.fields.clone()))),
        };
        let conditions = input
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"))
            .cloned()
            .collect();
        Record {
            conditions,
            name: input.ident,
            generics: input.generics,
            kind,
            marks,
        }
    }

    /// Whether its type can be a record at all.
    pub(crate) fn can_travel(&self) -> bool {
        self.kind != Kind::Union && self.generics.lifetimes().next().is_none()
    }

    /// The first field that has the role.
    pub(crate) fn marked(&self, role: Role) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.role == role)
    }
}

fn marks(fields: &Fields) -> Vec<Mark> {
    fields
        .iter()
        .enumerate()
        .flat_map(|(index, field)| marks_of(index, field))
        .collect()
}

fn marks_of(index: usize, field: &Field) -> Vec<Mark> {
    let member = match &field.ident {
        Some(name) => Member::Named(name.clone()),
        None => Member::Unnamed(Index::from(index)),
    };
    let roles = field.attrs.iter().filter_map(|attr| {
        let (_, role) = ROLES.iter().find(|(name, _)| attr.path().is_ident(name))?;
        Some(Mark {
            attr: attr.clone(),
            role: *role,
            member: member.clone(),
            ty: field.ty.clone(),
        })
    });
    roles.collect()
}
