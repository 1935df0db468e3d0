//! Numbers as people read them.

use std::time::Duration;

/// Bytes in a MiB.
pub const MIB: f64 = 1024.0 * 1024.0;

/// Bytes with a binary unit: `312 B`, `3.1 GiB`, `41 GiB`.
pub fn bytes(n: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let (mut n, mut unit) = (n.max(0.0), 0);
    // 1023.5 would be shown as 1024.
    while n >= 1023.5 && unit + 1 < units.len() {
        n /= 1024.0;
        unit += 1;
    }
    let decimals = usize::from(unit > 0 && n < 9.95);
    format!("{n:.decimals$} {}", units[unit])
}

/// Bytes a second.
pub fn rate(n: f64) -> String {
    bytes(n) + "/s"
}

/// Minutes and seconds: `0:07`, `61:30`.
pub fn clock(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

/// `1 reading`, `2 readings`.
pub fn readings(n: u64) -> String {
    format!("{n} reading{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_the_unit_that_keeps_them_short() {
        let shown = [0.0, 312.4, 1023.4, 1023.6, 1536.0, 10_188.0, 10_189.0, 3.3e9, 4.4e10, 5e15].map(bytes);
        let expected = [
            "0 B", "312 B", "1023 B", "1.0 KiB", "1.5 KiB", "9.9 KiB", "10 KiB", "3.1 GiB", "41 GiB", "4547 TiB",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_clock_goes_on_after_an_hour() {
        assert_eq!([7, 3690].map(|s| clock(Duration::from_secs(s))), ["0:07", "61:30"]);
    }
}
