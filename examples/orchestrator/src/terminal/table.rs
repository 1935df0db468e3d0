//! What a flood has measured.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Throughput and latency of `answered` requests in `took`, as two lines.
pub fn load_report(answered: u64, refused: u64, failed: u64, took: Duration, micros: &Histogram<u64>) -> String {
    let at = |quantile| Duration::from_micros(micros.value_at_quantile(quantile));
    let rate = answered as f64 / took.as_secs_f64().max(f64::EPSILON);
    format!(
        "{answered} answered, {refused} refused at the input, {failed} failed, in {took:.2?}: {rate:.0} answers a second\n\
         latency from question to last piece: p50 {:.2?}, p99 {:.2?}, max {:.2?}",
        at(0.5),
        at(0.99),
        Duration::from_micros(micros.max()),
    )
}
