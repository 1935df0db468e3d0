//! What a stage gave before it panicked goes on.

use super::*;

#[stage]
fn half(n: u64) -> impl Iterator<Item = u64> {
    (0..4).map(move |k| {
        if n.is_multiple_of(3) && k == 2 {
            panic!("tripped half")
        } else {
            n * 10 + k
        }
    })
}
#[stage(runtime = none)]
async fn emit_half(n: u64, out: &mut Emit<u64>) {
    for k in 0..4 {
        if n.is_multiple_of(3) && k == 2 {
            panic!("tripped emit");
        }
        out.emit(n * 10 + k).await;
    }
}
pipeline! {
    Halves {
        input  numbers: u64 [4];
        output out: u64 [4];
        shared log: Log;
        numbers -> half -> out;
        errors -[4]-> note(log);
    }
}
pipeline! {
    Emits {
        input  numbers: u64 [4];
        output out: u64 [4];
        shared log: Log;
        numbers -> emit_half -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn what_was_given_before_a_panic_goes_on() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        macro_rules! case {
            ($p:ident $h:ident $node:ident) => {
                let $h { numbers, out, control } = start!(on, $p::builder().log(log.clone()));
                let feed = ::tokio::spawn(async move {
                    send_each(&numbers, 0..6).await;
                });
                let got: Vec<u64> = out.collect().await;
                feed.await.unwrap();
                let ledger = control.finished().await;
                ledger.check().unwrap();
                let whole = |n: u64| if n % 3 == 0 { 2 } else { 4 };
                let wanted: Vec<u64> = (0..6).flat_map(|n| (0..whole(n)).map(move |k| n * 10 + k)).collect();
                assert_eq!(got, wanted, stringify!($p));
                assert_eq!(
                    (ledger.$node.failed, ledger.$node.finished, ledger.$node.emitted),
                    (2, 4, 20)
                );
            };
        }
        case!(Halves HalvesHandle half);
        case!(Emits EmitsHandle emit_half);
    });
}
