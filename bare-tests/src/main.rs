//! The program. Built for a bare machine it is linked without `std` and without an allocator.
#![cfg_attr(target_os = "none", no_std, no_main)]

use forebay::ring::{broadcast, latest, mailbox, mpmc, spsc};
use forebay_bare_tests::{COMMAND, LEAST, LEVELS, LOUD, Peak, SAMPLES, Sample, on_sample, turn};

/// Some samples through all rings; what comes out at the end.
fn run() -> Option<(usize, u16)> {
    let (mut samples, mut taken) = spsc::split(&SAMPLES)?;
    let (loud, mut loud_taken) = mpmc::ends(&LOUD);
    let (mut least, mut limit) = latest::ends(&LEAST);
    let (mut levels, mut level) = broadcast::split(&LEVELS)?;
    let (mut commands, mut command) = mailbox::ends(&COMMAND);
    let mut peak = Peak::default();
    least.set(500).ok()?;
    for level in (0..10).map(|i| i * 100) {
        on_sample(&mut samples, Sample { sensor: 1, level }).ok()?;
    }
    let went_on = turn(&mut taken, *limit.get()?, &mut peak, &loud);
    while let Some(sample) = loud_taken.pop() {
        levels.push(sample.level).ok()?;
    }
    levels.publish();
    commands.put(1).ok()?;
    Some((went_on + usize::from(command.pop()?), level.pop()?.max(peak.finish())))
}

#[cfg(not(target_os = "none"))]
fn main() {
    println!("{:?}", run());
}

#[cfg(target_os = "none")]
#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    core::hint::black_box(run());
    loop {
        core::hint::spin_loop();
    }
}

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
