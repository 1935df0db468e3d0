//! A long run of fused sync nodes: no deeper for the compiler than a short one.

use forebay::prelude::*;

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

#[rustfmt::skip]
pipeline! {
    Long {
        input  numbers: u64 [8];
        output done: u64 [8];
        node a = plus; node b = plus; node c = plus; node d = plus; node e = plus; node f = plus; node g = plus; node h = plus;
        node i = plus; node j = plus; node k = plus; node l = plus; node m = plus; node n = plus; node o = plus; node p = plus;
        node q = plus; node r = plus; node s = plus; node t = plus; node u = plus; node v = plus; node w = plus; node x = plus;
        numbers -> a -> b -> c -> d -> e -> f -> g -> h -> i -> j -> k -> l -> m -> n -> o -> p
                -> q -> r -> s -> t -> u -> v -> w -> x -> done;
    }
}

#[test]
fn twenty_four_fused_nodes() {
    let LongHandle {
        numbers,
        mut done,
        control,
    } = Long::builder().start_threads().unwrap();
    numbers.send_blocking(0).unwrap();
    drop(numbers);
    assert_eq!(done.recv_blocking(), Some(24));
    control.finished_blocking().check().unwrap();
}
