//! What a program written with subxt does with a chain that it knows only by its metadata: it reads, follows blocks,
//! pays, submits, and decodes events and errors. Prints one `name=value` line for each thing seen; ends with an error
//! at the first thing that does not work.

use scale_decode::DecodeAsType;
use std::sync::Arc;
use subxt::backend::{ChainHeadBackend, CombinedBackend, LegacyBackend};
use subxt::dynamic::{self, Value};
use subxt::rpcs::RpcClient;
use subxt::{OnlineClient, PolkadotConfig};
use subxt_signer::sr25519::dev;

type Failure = Box<dyn std::error::Error>;
type Api = OnlineClient<PolkadotConfig>;

const HAM: u128 = 1_000_000_000_000;

#[derive(DecodeAsType)]
struct Account {
    nonce: u32,
    data: AccountData,
}

#[derive(DecodeAsType)]
struct AccountData {
    free: u128,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(which)) = (arguments.next(), arguments.next()) else {
        return Err("usage: subxt-check URL combined|chainhead|legacy".into());
    };
    let rpc = RpcClient::from_insecure_url(&url).await?;
    let api = connect(rpc, &which).await?;
    println!("genesis={:?}", api.genesis_hash());
    read(&api).await?;
    follow(&api).await?;
    transfer(&api).await?;
    fail(&api).await
}

async fn connect(rpc: RpcClient, which: &str) -> Result<Api, Failure> {
    Ok(match which {
        "combined" => {
            let backend = CombinedBackend::builder().build_with_background_driver(rpc).await?;
            Api::from_backend(Arc::new(backend)).await?
        }
        "chainhead" => {
            let backend = ChainHeadBackend::builder().build_with_background_driver(rpc);
            Api::from_backend(Arc::new(backend)).await?
        }
        "legacy" => Api::from_backend(Arc::new(LegacyBackend::builder().build(rpc))).await?,
        other => return Err(format!("no backend is called {other}").into()),
    })
}

async fn account(api: &Api, id: [u8; 32]) -> Result<Account, Failure> {
    let at = api.at_current_block().await?;
    let address = dynamic::storage::<([u8; 32],), Account>("System", "Account");
    Ok(at.storage().fetch(address, (id,)).await?.decode()?)
}

async fn read(api: &Api) -> Result<(), Failure> {
    let at = api.at_current_block().await?;
    let deposit = dynamic::constant::<u128>("Balances", "ExistentialDeposit");
    println!("deposit={}", at.constants().entry(deposit)?);
    let alice = dev::alice().public_key().0;
    println!("free={}", account(api, alice).await?.data.free);
    let every = dynamic::storage::<([u8; 32],), Account>("System", "Account");
    let mut entries = at.storage().entry(every)?.iter(()).await?;
    let mut accounts = 0;
    while let Some(entry) = entries.next().await {
        entry?.value().decode()?;
        accounts += 1;
    }
    println!("accounts={accounts}");
    let call = dynamic::runtime_api_call::<_, u32>("AccountNonceApi", "account_nonce", (alice,));
    println!("nonce={}", at.runtime_apis().call(call).await?);
    Ok(())
}

async fn follow(api: &Api) -> Result<(), Failure> {
    let mut finalized = api.stream_blocks().await?;
    let mut best = api.stream_best_blocks().await?;
    for _ in 0..3 {
        let block = finalized.next().await.ok_or("no more finalized blocks")??;
        println!("finalized={}", block.number());
        let at = block.at().await?;
        for extrinsic in at.extrinsics().fetch().await?.iter() {
            let extrinsic = extrinsic?;
            println!("extrinsic={}.{}", extrinsic.pallet_name(), extrinsic.call_name());
        }
        println!("best={}", best.next().await.ok_or("no more best blocks")??.number());
    }
    Ok(())
}

async fn transfer(api: &Api) -> Result<(), Failure> {
    let bob = dev::bob().public_key().0;
    let before = account(api, bob).await?.data.free;
    let to = dev::bob().public_key().to_address::<()>();
    let call = dynamic::transaction("Balances", "transfer_keep_alive", (to, HAM));
    let tx = api.tx().await?.create_signed(&call, &dev::alice(), Default::default()).await?;
    println!("fee={}", tx.partial_fee_estimate().await?);
    println!("valid={}", tx.validate().await?.is_valid());
    let events = tx.submit_and_watch().await?.wait_for_finalized_success().await?;
    for event in events.iter() {
        let event = event?;
        event.decode_fields_unchecked_as::<Value>()?;
        println!("event={}.{}", event.pallet_name(), event.event_name());
    }
    println!("received={}", account(api, bob).await?.data.free - before);
    println!("sent={}", account(api, dev::alice().public_key().0).await?.nonce);
    Ok(())
}

/// A call that is valid and fails when it runs.
async fn fail(api: &Api) -> Result<(), Failure> {
    let fields = Value::named_composite([
        ("resource", Value::u128(999_999)),
        ("status", Value::unnamed_variant("Offline", [])),
    ]);
    let call = dynamic::transaction("Provider", "set_status", fields);
    let outcome = api.tx().await?.sign_and_submit_then_watch_default(&call, &dev::alice()).await?;
    match outcome.wait_for_finalized_success().await {
        Ok(_) => return Err("the call was to fail".into()),
        Err(error) => println!("failed={error}"),
    }
    Ok(())
}
