//! Stages where names of the standard library mean something else, and stages that are not at the top of a module.

#![allow(non_upper_case_globals, dead_code)]

mod shadowed {
    pub(crate) struct Send;
    pub(crate) struct Given;
    pub(crate) struct Stage;
    pub(crate) struct Work;
    pub(crate) struct Infallible;
    pub(crate) fn drop() {}
    pub(crate) const record: u32 = 1;
    pub(crate) const r0: u32 = 1;
    pub(crate) const scratch: u32 = 1;
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod forebay {}

    use ::forebay::prelude::{Batch, Emit, stage};

    #[stage]
    pub(crate) fn sync(x: u32, by: &u32) -> Option<u32> {
        Some(x + by)
    }

    #[stage]
    pub(crate) async fn later(x: u32, out: &mut Emit<u32>) -> Result<(), String> {
        out.emit(x).await;
        Ok(())
    }

    #[stage]
    pub(crate) async fn batch(batch: Batch<u32>, _by: &u32) -> Vec<u32> {
        batch.into_vec()
    }

    #[derive(Default)]
    pub(crate) struct Sum(pub(crate) u32);

    #[stage]
    impl Sum {
        fn process(&mut self, x: u32) {
            self.0 += x;
        }
        fn finish(&mut self) -> u32 {
            self.0
        }
    }
}

mod renamed {
    pub(crate) use ::forebay as water;
}

use self::renamed::water;

#[water::stage(crate = water)]
fn by_another_path(x: u32) -> u32 {
    x
}

#[water::record(crate = crate::hygiene::renamed::water, name = "a.b", version = 3, max_size = 8)]
struct Reading {
    #[key]
    sensor: u32,
    value: u32,
}

#[test]
fn names_of_the_user_change_nothing() {
    use crate::drive::{feed, gave, now};
    assert_eq!(now(shadowed::sync {}, 1, (&2,)), Ok(Some(3)));
    assert_eq!(feed(shadowed::later {}, 1, ()), gave([1]));
    assert_eq!(now(by_another_path {}, 1, ()), Ok(Some(1)));
    assert_eq!(
        (
            <Reading as ::forebay::record::Record>::NAME,
            <Reading as ::forebay::record::Record>::VERSION
        ),
        ("a.b", 3)
    );
    assert_eq!(::forebay::record::Keyed::key(&Reading { sensor: 5, value: 6 }), &5);
}

#[test]
fn a_stage_lives_inside_a_function() {
    use ::forebay::prelude::*;

    struct Local(u32);

    #[stage]
    fn inside(record: Local) -> Local {
        Local(record.0 + 1)
    }
    assert_eq!(crate::drive::now(inside {}, Local(1), ()).unwrap().unwrap().0, 2);
}

#[test]
fn a_stage_is_there_only_where_its_condition_holds() {
    use ::forebay::prelude::*;

    #[stage]
    #[cfg(not(test))]
    fn absent(record: Missing) -> Missing {
        record
    }

    #[stage]
    #[cfg(test)]
    #[must_use]
    fn absent(record: u32) -> u32 {
        record
    }
    assert_eq!(absent(1), 1);
}
