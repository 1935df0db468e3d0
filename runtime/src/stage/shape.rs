//! How a stage is called, for who has only its name.

use crate::text::Text;

/// What `#[stage]` knows of a stage and `pipeline!` does not.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    one: bool,
    batches: bool,
    resources: &'static [&'static str],
}

impl Shape {
    /// It takes a record at a time, and borrows these.
    pub const fn one(resources: &'static [&'static str]) -> Self {
        Shape {
            one: true,
            batches: false,
            resources,
        }
    }

    /// It takes a batch at a time, and borrows these.
    pub const fn batches(resources: &'static [&'static str]) -> Self {
        Shape {
            one: false,
            batches: true,
            resources,
        }
    }

    /// It has errors of its own, so nothing more is said of it.
    pub const ANY: Shape = Shape {
        one: true,
        batches: true,
        resources: &[],
    };

    /// It has errors of its own.
    pub const fn is_any(self) -> bool {
        self.one && self.batches
    }

    /// Stops the compilation where the stage `name` is not called like this: in batches or not, with so many resources.
    #[track_caller]
    pub const fn check(self, name: &str, batches: bool, resources: usize) -> bool {
        let right = if batches { self.batches } else { self.one };
        if right && (resources == self.resources.len() || self.is_any()) {
            return true;
        }
        self.refuse(name, batches, right)
    }

    /// Apart from the check: texts are dear to make where constants are evaluated.
    #[track_caller]
    const fn refuse(self, name: &str, batches: bool, right: bool) -> ! {
        let text = Text::new().str("stage `").str(name).str("` ");
        if !right && batches {
            let text = text.str("takes one record at a time: leave `batch` out, or let it take a `Batch<T>`");
            panic!("{}", text.as_str());
        }
        if !right {
            let text = text.str("takes its records in batches: say how many, `").str(name);
            panic!("{}", text.str(" { batch: 32 }`").as_str());
        }
        if self.resources.is_empty() {
            panic!("{}", text.str("borrows no resources: leave the parentheses out").as_str());
        }
        let (mut text, mut i) = (text.str("borrows "), 0);
        while i < self.resources.len() {
            text = text.str(if i == 0 { "`" } else { ", `" }).str(self.resources[i]).str("`");
            i += 1;
        }
        text = text.str(": name ");
        text = match self.resources.len() {
            1 => text.str("the resource in parentheses, `").str(name).str("(resource)`"),
            _ => text.str("the resources in parentheses, in this order"),
        };
        panic!("{}", text.as_str());
    }
}
