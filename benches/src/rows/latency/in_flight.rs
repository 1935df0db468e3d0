//! One record in flight: the next goes in when the last has come out.

use super::{Due, Forebay, Late, Subject, Tokio};
use crate::busy::set_busy;
use crate::measure::Group;
use crate::peers::{Give, Given, Take, Taken};
use crate::rows::On;
use crate::work::{Eye, Work};

pub(super) fn group(on: On<'_>) -> Group<'_> {
    let about = format!("one record in flight, {}", on.about());
    let mut group = super::group(format!("one-in-flight-{}t", on.threads), about, 5_000);
    contender::<Tokio>(&mut group, on);
    contender::<Forebay>(&mut group, on);
    group
}

fn contender<'a, S: Subject>(group: &mut Group<'a>, on: On<'a>) {
    group.case_of_figures(S::NAME, move |n| {
        set_busy(0);
        let task = async move {
            let (mut tx, mut rx, end) = S::open(n);
            let late = tokio::spawn(async move {
                let mut late = Late::default();
                for number in 0..n {
                    assert!(tx.give(Due::make(number)).await.went(), "the line is open");
                    late.look(&rx.take().await.record().expect("the record comes out"));
                }
                late
            });
            let late = late.await.expect("the driver does not panic");
            end.await;
            late
        };
        on.runtime.block_on(task).figures(n)
    });
}
