//! The rules that a record keeps, one function each.

use syn::Meta;

use super::ast::Args;
use super::model::{Kind, ROLES, Record};
use crate::diag::Errors;

pub(crate) fn check(record: &Record, args: &Args, errors: &mut Errors) {
    is_a_struct_or_an_enum(record, errors);
    owns_what_it_holds(record, errors);
    marks_are_bare(record, errors);
    marks_are_on_a_struct(record, errors);
    marks_are_single(record, errors);
    has_a_plain_name(args, errors);
    versions_start_at_one(args, errors);
    max_size_is_a_size(args, errors);
    max_size_can_be_told(record, args, errors);
}

fn is_a_struct_or_an_enum(record: &Record, errors: &mut Errors) {
    if record.kind == Kind::Union {
        errors.at(
            &record.name,
            "a record is a struct or an enum: nobody could tell what a union holds",
        );
    }
}

fn owns_what_it_holds(record: &Record, errors: &mut Errors) {
    for lifetime in record.generics.lifetimes() {
        errors.at(
            lifetime,
            "a record owns what it holds, because it travels: it has no lifetime parameter",
        );
    }
}

fn marks_are_bare(record: &Record, errors: &mut Errors) {
    for mark in &record.marks {
        if !matches!(mark.attr.meta, Meta::Path(_)) {
            let name = mark.attr.path().get_ident();
            errors.at(
                &mark.attr,
                format!("it is just `#[{}]`", name.map(ToString::to_string).unwrap_or_default()),
            );
        }
    }
}

fn marks_are_on_a_struct(record: &Record, errors: &mut Errors) {
    for mark in record.marks.iter().filter(|_| record.kind == Kind::Enum) {
        errors.at(
            &mark.attr,
            "only a field of a struct can be marked, as a variant may be another one: wrap the enum in a struct that has the field",
        );
    }
}

fn marks_are_single(record: &Record, errors: &mut Errors) {
    for (name, role) in ROLES.iter().filter(|_| record.kind == Kind::Struct) {
        for mark in record.marks.iter().filter(|mark| mark.role == *role).skip(1) {
            errors.at(
                &mark.attr,
                format!("a record has one `#[{name}]`: a field of a tuple or of a struct of your own joins several"),
            );
        }
    }
}

fn has_a_plain_name(args: &Args, errors: &mut Errors) {
    let Some(name) = &args.name else { return };
    let text = name.value();
    let plain = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    if text.is_empty() || !text.chars().all(plain) {
        errors.at(
            name,
            "a record's name is made of ASCII letters, digits, `.`, `_` and `-`, as in `prompt.request`",
        );
    }
}

fn versions_start_at_one(args: &Args, errors: &mut Errors) {
    if let Some(version) = &args.version
        && !version.base10_parse::<u32>().is_ok_and(|number| number > 0)
    {
        errors.at(version, "a version is a number from 1 to 4294967295");
    }
}

fn max_size_is_a_size(args: &Args, errors: &mut Errors) {
    if let Some(size) = &args.max_size
        && size.base10_parse::<u32>().is_err()
    {
        errors.at(size, "a `max_size` is a number of bytes, at most 4294967295");
    }
}

fn max_size_can_be_told(record: &Record, args: &Args, errors: &mut Errors) {
    if let Some(size) = &args.max_size
        && record.generics.type_params().next().is_some() | record.generics.const_params().next().is_some()
    {
        errors.at(
            size,
            "the size of a record with parameters is not known here: set `max_size` on a struct that names them",
        );
    }
}
