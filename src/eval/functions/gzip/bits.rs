/// Bytes that are written bit by bit, the lowest first.
pub(super) struct Bits {
    out: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    /// Writes behind these bytes.
    pub(super) fn new(out: Vec<u8>) -> Self {
        Self { out, pending: 0, count: 0 }
    }

    /// Writes the low bits of a number, at most 32 of them.
    pub(super) fn write(&mut self, number: u32, count: u32) {
        self.pending |= u64::from(number) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Fills up the last byte.
    pub(super) fn align(&mut self) {
        if self.count > 0 {
            self.out.push(self.pending as u8);
            (self.pending, self.count) = (0, 0);
        }
    }

    /// Writes whole bytes, behind whole bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.align();
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.out
    }
}
