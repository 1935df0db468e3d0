//! The program's parts, called as what they are and through the traits that the macros have written.

use core::pin::pin;
use core::task::{Context, Poll, Waker};

use forebay::record::{Keyed, Record};
use forebay::ring::{PushError, mpmc, spsc};
use forebay::stage::{Done, Life, Stage, Work};
use forebay_bare_tests::{Exhausted, Peak, Radio, Sample, loud, on_sample, relay, send, turn};

fn sample(level: u16) -> Sample {
    Sample { sensor: 7, level }
}

#[test]
fn a_record_has_its_name_its_version_and_its_key() {
    assert_eq!((Sample::NAME, Sample::VERSION), ("bare.sample", 2));
    assert_eq!(sample(1).key(), &7);
}

#[test]
fn a_stage_is_a_function_and_a_stage() {
    assert_eq!((loud(sample(3), &3), loud(sample(2), &3)), (Some(sample(3)), None));
    let given = <loud as Stage<Sample, (&u16,)>>::now(sample(3), (&3,), &mut ());
    assert_eq!(given, Ok(Some(sample(3))));
}

#[test]
fn a_stage_with_a_life_has_a_last_word() {
    let mut peak = Peak::default();
    for level in [2, 9, 4] {
        <Peak as Stage<Sample, (&mut Peak,)>>::now(sample(level), (&mut peak,), &mut ()).unwrap();
    }
    let mut last = pin!(Life::finish(&mut peak));
    let cx = &mut Context::from_waker(Waker::noop());
    assert_eq!(last.as_mut().poll_next(cx), Poll::Ready(Ok(Done::Last(9))));
}

#[test]
fn an_async_stage_is_polled_by_hand() {
    let (mut radio, cx) = (Radio::default(), &mut Context::from_waker(Waker::noop()));
    for level in 0..4 {
        let scratch = &mut ();
        let mut call = pin!(<send as Stage<Sample, (&mut Radio,)>>::start(
            sample(level),
            (&mut radio,),
            scratch
        ));
        assert_eq!(call.as_mut().poll_next(cx), Poll::Pending);
        let given = if level < 3 { Ok(Done::Last(level)) } else { Err(Exhausted) };
        assert_eq!(call.as_mut().poll_next(cx), Poll::Ready(given));
    }
    assert_eq!(radio.sent, 3);
}

#[test]
fn the_handler_fills_and_the_loop_empties() {
    static SAMPLES: spsc::Spsc<Sample, 64> = spsc::Spsc::new();
    static LOUD: mpmc::Mpmc<Sample, 8> = mpmc::Mpmc::new();
    let (mut samples, mut taken) = spsc::split(&SAMPLES).unwrap();
    assert!(spsc::split(&SAMPLES).is_none(), "once");
    let (out, mut loud) = mpmc::ends(&LOUD);
    let mut peak = Peak::default();
    for level in 0..64 {
        on_sample(&mut samples, sample(level)).unwrap();
    }
    assert_eq!(on_sample(&mut samples, sample(64)), Err(PushError::Full(sample(64))), "full");
    assert_eq!(turn(&mut taken, 60, &mut peak, &out), 4);
    assert_eq!((peak.finish(), loud.ready(), loud.pop()), (63, 4, Some(sample(60))));
    on_sample(&mut samples, sample(64)).unwrap();
}

#[test]
fn a_task_waits_for_records_and_for_room_without_an_allocator() {
    static FROM: mpmc::Mpmc<Sample, 8> = mpmc::Mpmc::new();
    static TO: mpmc::Mpmc<Sample, 8> = mpmc::Mpmc::new();
    let (from, mut from_taken) = mpmc::ends(&FROM);
    let (to, mut to_taken) = mpmc::ends(&TO);
    let (mut task, cx) = (pin!(relay(&mut from_taken, &to)), &mut Context::from_waker(Waker::noop()));
    assert!(task.as_mut().poll(cx).is_pending(), "nothing is there");
    for level in 0..16 {
        from.try_push(sample(level)).unwrap();
        assert!(task.as_mut().poll(cx).is_pending());
    }
    assert_eq!(to_taken.ready(), 8, "as many as fit");
    drop(from);
    let mut levels = Vec::new();
    loop {
        while let Some(sample) = to_taken.pop() {
            levels.push(sample.level);
            to_taken.release();
        }
        if task.as_mut().poll(cx).is_ready() {
            break;
        }
    }
    levels.extend(core::iter::from_fn(|| to_taken.pop()).map(|sample| sample.level));
    assert_eq!(levels, Vec::from_iter(0..16));
}
