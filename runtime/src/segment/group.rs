//! `{ a, b, c }`: a clone to each, in the order written, the last one moved.

use core::task::{Context, Poll};

use crate::edge::{At, Parcel, Place, Sink, guard};
use crate::record::{Env, Meta};

/// One branch of several, on the direct path: its panic is its own failure, and the others get their record.
fn branch<T, M, P: Sink<T, M>>(place: &mut P, x: Env<T, M>) -> bool {
    let mut at = At::default();
    guard(|| place.put(x, &mut at)).unwrap_or_else(|message| {
        if !place.panicked(at.mark(), &message) {
            place.missed();
        }
        !place.blocked()
    })
}

macro_rules! groups {
    ($($place:ident $at:tt $x:ident),+ ; $last:ident $last_at:tt) => {
        impl<$($place: Place,)+ $last: Place> Place for ($($place,)+ $last,) {
            #[inline]
            fn blocked(&self) -> bool {
                $(self.$at.blocked() ||)+ self.$last_at.blocked()
            }
            fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                // All of them, so that none waits for another that waits.
                let mut settled = true;
                $(settled &= self.$at.poll_settle(cx).is_ready();)+
                settled &= self.$last_at.poll_settle(cx).is_ready();
                if settled { Poll::Ready(()) } else { Poll::Pending }
            }
            fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                $(core::task::ready!(self.$at.poll_room(cx));)+
                self.$last_at.poll_room(cx)
            }
            fn flush(&mut self) {
                $(self.$at.flush();)+
                self.$last_at.flush();
            }
            fn count(&mut self, taken: u64) {
                $(self.$at.count(taken);)+
                self.$last_at.count(taken);
            }
            fn panicked(&mut self, mark: usize, message: &str) -> bool {
                $(self.$at.panicked(mark, message) ||)+ self.$last_at.panicked(mark, message)
            }
            fn missed(&mut self) {
                $(self.$at.missed();)+
                self.$last_at.missed();
            }
            async fn finish(&mut self) {
                // The next branch may wait: what this one said must be seen meanwhile.
                $(self.$at.finish().await; self.$at.flush();)+
                self.$last_at.finish().await;
            }
            async fn tick(&mut self, node: usize) {
                $(self.$at.tick(node).await; self.$at.flush();)+
                self.$last_at.tick(node).await;
            }
            fn close(&mut self) {
                $(self.$at.close();)+
                self.$last_at.close();
            }
        }

        impl<T, M, $($place,)+ $last> Sink<T, M> for ($($place,)+ $last,)
        where
            T: Clone + Send,
            M: Meta,
            $($place: Sink<T, M>,)+
            $last: Sink<T, M>,
        {
            type Path = path_of!(Beside: $($place::Path,)+ $last::Path);

            fn put(&mut self, x: Env<T, M>, _at: &mut At) -> bool {
                // All clones first: if one panics, no branch has had the record.
                $(let $x = x.clone();)+
                let mut more = true;
                $(more &= branch(&mut self.$at, $x);)+
                more & branch(&mut self.$last_at, x)
            }

            async fn send(&mut self, x: Env<T, M>) {
                $(let $x = x.clone();)+
                // Each parcel owns its record from here on, and counts it as cut when this is dropped midway.
                $(let mut $x = Parcel::new(&mut self.$at, $x);)+
                let mut last = Parcel::new(&mut self.$last_at, x);
                // The next branch may wait: what this one wrote must be seen meanwhile.
                $($x.deliver_or_miss().await; $x.place.flush();)+
                last.deliver_or_miss().await;
                last.place.flush();
            }
        }
    };
}
groups!(A 0 a; Z 1);
groups!(A 0 a, B 1 b; Z 2);
groups!(A 0 a, B 1 b, C 2 c; Z 3);
groups!(A 0 a, B 1 b, C 2 c, D 3 d; Z 4);
groups!(A 0 a, B 1 b, C 2 c, D 3 d, E 4 e; Z 5);
groups!(A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f; Z 6);
groups!(A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f, G 6 g; Z 7);
