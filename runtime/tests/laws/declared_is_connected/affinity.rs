//! Which worker a record meets.

use super::*;

#[derive(Clone)]
#[record]
struct Job {
    #[key]
    tenant: String,
    region: u8,
    n: u64,
}
#[derive(Default)]
struct Seen(Mutex<BTreeMap<(usize, String, u8), Vec<u64>>>);
struct Me(usize);
#[stage]
fn job(j: Job) -> Job {
    j
}
#[stage(runtime = none)]
async fn worked(j: Job, me: &mut Me, seen: &Seen) {
    yields(j.n % 4).await;
    let mut seen = seen.0.lock().unwrap();
    seen.entry((me.0, j.tenant, j.region)).or_default().push(j.n);
}
pipeline! {
    ByKey {
        input  jobs: Job [4];
        shared seen: Seen;
        local  me: Me;
        jobs -> job -[2, by key]-> worked(me, seen) { workers: 4 };
    }
}
pipeline! {
    ByField {
        input  jobs: Job [4];
        shared seen: Seen;
        local  me: Me;
        jobs -> job -[2, by region]-> worked(me, seen) { workers: 4 };
    }
}
pipeline! {
    PortByKey {
        input  jobs: Job [4, by key];
        shared seen: Seen;
        local  me: Me;
        jobs -> worked(me, seen) { workers: 4 };
    }
}

#[test]
fn the_same_key_meets_the_same_worker_in_order() {
    everywhere(async |on| {
        macro_rules! case {
            ($p:ident $h:ident $key:expr) => {
                let seen = Arc::new(Seen::default());
                let $h { jobs, control } = start!(on, $p::builder().seen(seen.clone()).me(|w: WorkerId| Me(w.index())));
                for n in 0..200 {
                    let job = Job {
                        tenant: format!("t{}", n % 7),
                        region: (n % 5) as u8,
                        n,
                    };
                    match n % 2 {
                        0 => jobs.send(job).await.unwrap(),
                        _ => jobs.reserve().await.unwrap().send(job).unwrap(),
                    }
                }
                drop(jobs);
                let ledger = control.finished().await;
                ledger.check().unwrap();
                assert_eq!(ledger.worked.finished, 200);
                let key: fn(&str, u8) -> String = $key;
                let mut workers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
                for ((worker, tenant, region), numbers) in seen.0.lock().unwrap().iter() {
                    assert!(numbers.is_sorted(), "{numbers:?}");
                    workers.entry(key(tenant, *region)).or_default().push(*worker);
                }
                assert!(
                    workers.values().all(|w| w.iter().all(|one| *one == w[0])),
                    "{workers:?}"
                );
                let all: std::collections::BTreeSet<_> = workers.values().flatten().collect();
                assert!(all.len() > 1, "{workers:?}");
            };
        }
        case!(ByKey ByKeyHandle |tenant, _| tenant.to_owned());
        case!(ByField ByFieldHandle |_, region| region.to_string());
        case!(PortByKey PortByKeyHandle |tenant, _| tenant.to_owned());
    });
}
