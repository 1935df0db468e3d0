//! Text made at compile time, for messages with numbers in them.

/// A message of a const panic. It holds at most 512 bytes; what does not fit is cut.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    /// Nothing yet.
    pub const fn new() -> Self {
        Text { bytes: [0; 512], len: 0 }
    }

    /// The text, and then `part`.
    pub const fn str(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        // A character is taken whole or not at all, and nothing after one that did not fit.
        let fits = if self.len + part.len() <= self.bytes.len() {
            part.len()
        } else {
            0
        };
        let mut i = 0;
        while i < fits {
            self.bytes[self.len] = part[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    /// The text, and then `number` in decimal.
    pub const fn number(self, number: u64) -> Self {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let (_, digits) = digits.split_at(at);
        match core::str::from_utf8(digits) {
            Ok(digits) => self.str(digits),
            Err(_) => self,
        }
    }

    /// The text so far.
    pub const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn parts_and_numbers_in_a_row() {
        const TEXT: Text = Text::new().str("has ").number(0).str(" of ").number(u64::MAX).str(" bytes");
        assert_eq!(TEXT.as_str(), "has 0 of 18446744073709551615 bytes");
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let full = "é".repeat(255);
        assert_eq!(Text::new().str(&full).str("long").number(12).as_str(), full + "12");
    }
}
