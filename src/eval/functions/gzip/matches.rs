/// A byte, or what was there before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token {
    Literal(u8),
    /// Length less three, distance less one.
    Match {
        length: u32,
        distance: u32,
    },
}

const WINDOW: usize = 1 << 15;
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
/// Tokens of a block.
const TOKENS: usize = 1 << 14;
/// A match so long is not given up for a longer one at the next byte.
const LAZY: usize = 16;
/// A match so long is good enough to stop looking.
const NICE: usize = 128;
/// How many earlier places are looked at.
const CHAIN: usize = 128;
/// A shortest match must be no further away than this.
const NEAR: usize = 4096;
const HASH_BITS: u32 = 17;

/// No place.
const NONE: u32 = u32::MAX;

/// What a block is handed to: its tokens, and the bytes they stand for where these are still at hand.
type Emit<'e> = &'e mut dyn FnMut(&[Token], Option<&[u8]>);

/// Calls `emit` with each block.
pub(super) fn each_block(content: &[u8], emit: Emit<'_>) {
    let mut matcher = Matcher {
        content,
        base: 0,
        end: 0,
        index: 0,
        block: 0,
        pending: false,
        length: SHORTEST - 1,
        distance: 0,
        candidate: NONE,
        heads: vec![NONE; 1 << HASH_BITS],
        before: vec![NONE; content.len()],
        tokens: Vec::new(),
    };
    // The content passes through a buffer of two windows. Where its halves change decides how far back one can look.
    while matcher.end < content.len() {
        matcher.run(false, emit);
        if matcher.index - matcher.base >= 2 * WINDOW - (SHORTEST + LONGEST) {
            matcher.base += WINDOW;
        }
        matcher.end = content.len().min(matcher.base + 2 * WINDOW);
    }
    matcher.run(true, emit);
}

struct Matcher<'a> {
    content: &'a [u8],
    /// Where the buffer begins, and how far it is filled.
    base: usize,
    end: usize,
    index: usize,
    /// Where the block begins.
    block: usize,
    /// Whether the byte before still waits to be written, in case a longer match begins behind it.
    pending: bool,
    /// The match that was found last.
    length: usize,
    distance: usize,
    /// The last place of the hash that was looked up last.
    candidate: u32,
    /// The last place of each hash, and for each place the one before.
    heads: Vec<u32>,
    before: Vec<u32>,
    tokens: Vec<Token>,
}

impl Matcher<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.content.get(at).copied().unwrap_or(0)
    }

    /// Enters a place into the chain of its hash; says the place before in it.
    fn enter(&mut self, at: usize) -> Option<u32> {
        let (bytes, _) = self.content.get(at..)?.split_first_chunk::<SHORTEST>()?;
        let hash = u32::from_be_bytes(*bytes).wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS);
        let head = self.heads.get_mut(hash as usize)?;
        let last = *head;
        *head = at as u32;
        *self.before.get_mut(at)? = last;
        Some(last)
    }

    /// Makes tokens of what is in the buffer, as long as there is enough to look ahead, or with `flush` all of it.
    fn run(&mut self, flush: bool, emit: Emit<'_>) {
        let entered = self.end.saturating_sub(SHORTEST - 1);
        loop {
            let ahead = self.end - self.index;
            if ahead < SHORTEST + LONGEST && !flush {
                return;
            }
            if ahead == 0 {
                if self.pending {
                    self.tokens.push(Token::Literal(self.byte(self.index.saturating_sub(1))));
                    self.pending = false;
                }
                if !self.tokens.is_empty() {
                    self.finish_block(self.index, emit);
                }
                return;
            }
            if self.index < entered {
                self.candidate = self.enter(self.index).unwrap_or(NONE);
            }
            let (last_length, last_distance) = (self.length, self.distance);
            (self.length, self.distance) = (SHORTEST - 1, 0);
            let nearest = self.candidate as usize;
            let reachable =
                self.candidate != NONE && nearest >= self.index.saturating_sub(WINDOW).max(self.base);
            if reachable
                && ahead > last_length
                && last_length < LAZY
                && let Some((length, distance)) = self.find(nearest, ahead)
            {
                (self.length, self.distance) = (length, distance);
            }
            if last_length >= SHORTEST && self.length <= last_length {
                self.tokens.push(Token::Match {
                    length: last_length as u32 - 3,
                    distance: last_distance as u32 - 1,
                });
                let behind = self.index + last_length - 1;
                for at in self.index + 1..behind {
                    if at < entered {
                        self.enter(at);
                    }
                }
                self.index = behind;
                self.pending = false;
                self.length = SHORTEST - 1;
                if self.tokens.len() == TOKENS {
                    self.finish_block(self.index, emit);
                }
            } else {
                if self.pending {
                    self.tokens.push(Token::Literal(self.byte(self.index - 1)));
                    if self.tokens.len() == TOKENS {
                        self.finish_block(self.index, emit);
                    }
                }
                self.index += 1;
                self.pending = true;
            }
        }
    }

    /// The longest match for what comes, from the nearest of the candidates on.
    fn find(&self, nearest: usize, ahead: usize) -> Option<(usize, usize)> {
        let most = ahead.min(LONGEST);
        let nice = most.min(NICE);
        let here = self.content.get(self.index..self.index + most)?;
        let mut found = None;
        let mut longest = SHORTEST - 1;
        let mut at = nearest;
        for _ in 0..CHAIN {
            let there = self.content.get(at..at + most).unwrap_or_default();
            if there.get(longest) == here.get(longest) {
                let length = there.iter().zip(here).take_while(|(a, b)| a == b).count();
                let distance = self.index - at;
                if length > longest && (length > SHORTEST || distance <= NEAR) {
                    found = Some((length, distance));
                    longest = length;
                    if length >= nice {
                        break;
                    }
                }
            }
            if at + WINDOW == self.index {
                break;
            }
            match self.before.get(at) {
                Some(&before)
                    if before != NONE
                        && before as usize >= self.base
                        && before as usize + WINDOW >= self.index =>
                {
                    at = before as usize;
                }
                _ => break,
            }
        }
        found
    }

    fn finish_block(&mut self, end: usize, emit: Emit<'_>) {
        let raw = if self.block >= self.base { self.content.get(self.block..end) } else { None };
        emit(&self.tokens, raw);
        self.block = end;
        self.tokens.clear();
    }
}
