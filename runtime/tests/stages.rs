//! Every signature that `#[stage]` takes, driven through the traits by hand.
#![allow(missing_docs)]

mod stages {
    pub(crate) mod batch;
    pub(crate) mod drive;
    pub(crate) mod forms;
    pub(crate) mod generics;
    pub(crate) mod hygiene;
    pub(crate) mod impls;
    pub(crate) mod sources;
    pub(crate) mod time;
}
