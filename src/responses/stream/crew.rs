//! Work on pieces in several threads, settled in the order in which the pieces were given out.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Outcome;

/// Bytes of a block that is freed so that smaller ones are kept.
const KEPT: usize = 2 << 20;

/// How many more results than there are threads may wait for one that comes before them.
const WAITING: usize = 2;

/// Fills a lane, works in it and settles what came of it, until there is nothing left to fill it with, or until `settle`
/// ends it: each of `threads` does so with a lane of its own, which stays near it. One fills and one settles at a time; what
/// came of the lanes is settled in the order in which they were filled.
pub(super) fn crew<L, D: Send>(
    threads: usize,
    lane: &(dyn Fn() -> L + Sync),
    next: Next<'_, L>,
    work: &(dyn Fn(&mut L) -> D + Sync),
    settle: Settle<'_, D>,
) -> io::Result<Option<Outcome>> {
    let crew = Crew {
        source: Mutex::new(Source { filled: 0, next }),
        table: Mutex::new(Table {
            settle,
            early: BTreeMap::new(),
            settled: 0,
            waiting: 0,
            ended: None,
        }),
        moved: Condvar::new(),
        most: threads + WAITING,
    };
    keep_memory();
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| crew.member(lane(), work));
        }
        crew.member(lane(), work);
    });
    into_inner(crew.table).ended.unwrap_or(Ok(None))
}

/// Lets what is freed after a piece be there for the next one. The GNU C library gives memory back to the system from twice
/// the size on of the largest block that was mapped and freed, in the beginning from 128 KiB on: then every piece has to ask
/// for its pages anew, which costs as much as a fifth of all.
fn keep_memory() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT)));
}

/// Fills a lane, if there is something left.
type Next<'c, L> = &'c mut (dyn FnMut(&mut L) -> io::Result<bool> + Send);

/// Settles what came of a lane; how everything ends, if it does.
type Settle<'c, D> = &'c mut (dyn FnMut(D) -> io::Result<Option<Outcome>> + Send);

/// What the threads share.
struct Crew<'c, L, D> {
    source: Mutex<Source<'c, L>>,
    table: Mutex<Table<'c, D>>,
    /// Told whenever something has been settled and somebody waits for it, or everything ends.
    moved: Condvar,
    /// How many results wait at most.
    most: usize,
}

/// Where lanes are filled.
struct Source<'c, L> {
    next: Next<'c, L>,
    filled: usize,
}

/// Where results wait for their turn.
struct Table<'c, D> {
    settle: Settle<'c, D>,
    early: BTreeMap<usize, D>,
    settled: usize,
    /// How many threads wait.
    waiting: usize,
    /// How it ended before its time.
    ended: Option<io::Result<Option<Outcome>>>,
}

impl<L, D> Crew<'_, L, D> {
    fn member(&self, mut lane: L, work: &dyn Fn(&mut L) -> D) {
        let _alarm = Alarm(|| self.end(Ok(None)));
        loop {
            let turn = {
                let mut source = lock(&self.source);
                match (source.next)(&mut lane) {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => return self.end(Err(error)),
                }
                source.filled += 1;
                source.filled - 1
            };
            let done = work(&mut lane);
            if !self.settle(turn, done) {
                return;
            }
        }
    }

    /// Settles what came of a turn and of those that waited for it, or lets it wait; whether there is more to do.
    fn settle(&self, turn: usize, done: D) -> bool {
        let mut table = lock(&self.table);
        table.early.insert(turn, done);
        while table.ended.is_none()
            && let settled = table.settled
            && let Some(done) = table.early.remove(&settled)
        {
            match (table.settle)(done) {
                Ok(None) => table.settled += 1,
                ended => table.ended = Some(ended),
            }
        }
        if table.waiting > 0 {
            self.moved.notify_all();
        }
        // Whose turn is next does not wait, so that the others do not for ever.
        while table.ended.is_none() && table.early.len() > self.most {
            table.waiting += 1;
            let moved = self.moved.wait(table);
            table = moved.unwrap_or_else(PoisonError::into_inner);
            table.waiting -= 1;
        }
        table.ended.is_none()
    }

    /// Ends everything, unless it has ended.
    fn end(&self, how: io::Result<Option<Outcome>>) {
        lock(&self.table).ended.get_or_insert(how);
        self.moved.notify_all();
    }
}

/// Lets nobody wait for a thread that panicked.
struct Alarm<F: Fn()>(F);

impl<F: Fn()> Drop for Alarm<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0();
        }
    }
}

/// What a lock keeps; who panics with it ends everything.
pub(super) fn lock<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a lock kept; who panicked with it has ended everything.
pub(super) fn into_inner<T>(lock: Mutex<T>) -> T {
    lock.into_inner().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    use super::*;

    /// Fills lanes with the numbers below `end`.
    fn up_to(end: usize) -> impl FnMut(&mut usize) -> io::Result<bool> {
        let mut next = 0..end;
        move |lane| {
            let filled = next.next();
            *lane = filled.unwrap_or(end);
            Ok(filled.is_some())
        }
    }

    /// Takes longer for every seventh, so that others come before it.
    fn work(lane: &mut usize) -> usize {
        if lane.is_multiple_of(7) {
            thread::sleep(Duration::from_millis(3));
        }
        *lane
    }

    #[test]
    fn what_came_of_lanes_is_settled_in_the_order_in_which_they_were_filled() {
        for threads in [0, 1, 2, 8] {
            let mut settled = Vec::new();
            let mut settle = |done| {
                settled.push(done);
                Ok(None)
            };
            let ended = crew(threads, &|| 0, &mut up_to(100), &work, &mut settle);
            assert!(matches!(ended, Ok(None)));
            assert!(settled.into_iter().eq(0..100), "{threads} threads");
        }
    }

    #[test]
    fn who_settles_can_end_it() {
        let mut settled = Vec::new();
        let mut settle = |done| {
            settled.push(done);
            Ok((done == 30).then_some(Outcome::Unordered))
        };
        let ended = crew(4, &|| 0, &mut up_to(usize::MAX), &work, &mut settle);
        assert!(matches!(ended, Ok(Some(Outcome::Unordered))));
        assert!(settled.into_iter().eq(0..=30));
    }

    #[test]
    fn an_error_of_who_fills_or_settles_ends_it() {
        let broken = || io::Error::other("broken");
        let mut fill = up_to(usize::MAX);
        let mut next = |lane: &mut usize| match fill(lane) {
            Ok(_) if *lane == 20 => Err(broken()),
            filled => filled,
        };
        let ended = crew(3, &|| 0, &mut next, &work, &mut |_| Ok(None));
        assert!(ended.is_err_and(|error| error.to_string() == "broken"));
        let mut settle = |done| if done == 20 { Err(broken()) } else { Ok(None) };
        let ended = crew(3, &|| 0, &mut up_to(usize::MAX), &work, &mut settle);
        assert!(ended.is_err_and(|error| error.to_string() == "broken"));
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        for threads in [1, 4] {
            let work = |lane: &mut usize| {
                // The others have to wait for this one by then.
                if *lane == 5 {
                    thread::sleep(Duration::from_millis(50));
                    std::panic::panic_any("five");
                }
                *lane
            };
            let run = || {
                crew(threads, &|| 0, &mut up_to(usize::MAX), &work, &mut |_| {
                    Ok(None)
                })
            };
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
    }
}
