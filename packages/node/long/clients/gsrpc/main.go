// What a program written with gsrpc does with a chain: reads, follows, pays, submits, decodes.
//
// Prints one JSON object of all that it has seen; ends with a panic at the first thing that does not work.
package main

import (
	"encoding/json"
	"os"

	gsrpc "github.com/centrifuge/go-substrate-rpc-client/v4"
	"github.com/centrifuge/go-substrate-rpc-client/v4/signature"
	"github.com/centrifuge/go-substrate-rpc-client/v4/types"
	"github.com/centrifuge/go-substrate-rpc-client/v4/types/codec"
)

const ham = 1_000_000_000_000

// chain is the connection, and what every transaction has to know of the chain.
type chain struct {
	*gsrpc.SubstrateAPI
	meta    *types.Metadata
	genesis types.Hash
	version *types.RuntimeVersion
	alice   signature.KeyringPair
	bob     signature.KeyringPair
}

// must is for what has no reason to fail: a program that checks ends with its first failure.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func connect(url string) *chain {
	api := must(gsrpc.NewSubstrateAPI(url))
	return &chain{
		SubstrateAPI: api,
		meta:         must(api.RPC.State.GetMetadataLatest()),
		genesis:      must(api.RPC.Chain.GetBlockHash(0)),
		version:      must(api.RPC.State.GetRuntimeVersionLatest()),
		alice:        signature.TestKeyringPairAlice,
		bob:          must(signature.KeyringPairFromSecret("//Bob", 42)),
	}
}

func (c *chain) account(key []byte) types.AccountInfo {
	var info types.AccountInfo
	at := must(types.CreateStorageKey(c.meta, "System", "Account", key))
	if !must(c.RPC.State.GetStorageLatest(at, &info)) {
		panic("the account has no entry")
	}
	return info
}

func (c *chain) read() map[string]any {
	account := must(types.CreateStorageKey(c.meta, "System", "Account", c.alice.PublicKey))
	prefix := types.NewStorageKey(account[:32])
	var deposit types.U128
	raw := must(c.meta.FindConstantValue("Balances", "ExistentialDeposit"))
	if err := codec.Decode(raw, &deposit); err != nil {
		panic(err)
	}
	head := must(c.RPC.Chain.GetFinalizedHead())
	return map[string]any{
		"chain":    must(c.RPC.System.Chain()),
		"spec":     c.version.SpecName,
		"genesis":  c.genesis.Hex(),
		"bob":      c.bob.Address,
		"syncing":  must(c.RPC.System.Health()).IsSyncing,
		"free":     c.account(c.alice.PublicKey).Data.Free.Int,
		"size":     must(c.RPC.State.GetStorageSizeLatest(account)),
		"accounts": len(must(c.RPC.State.GetKeysLatest(prefix))),
		"changes":  len(must(c.RPC.State.QueryStorageAt([]types.StorageKey{account}, head))[0].Changes),
		"history":  len(must(c.RPC.State.QueryStorage([]types.StorageKey{account}, c.genesis, head))),
		"deposit":  deposit.Int,
		"pending":  len(must(c.RPC.Author.PendingExtrinsics())),
	}
}

func (c *chain) follow() map[string]any {
	var heads, finalized []types.BlockNumber
	news, finals := must(c.RPC.Chain.SubscribeNewHeads()), must(c.RPC.Chain.SubscribeFinalizedHeads())
	now := must(types.CreateStorageKey(c.meta, "Timestamp", "Now"))
	times := must(c.RPC.State.SubscribeStorageRaw([]types.StorageKey{now}))
	version := must(c.RPC.State.SubscribeRuntimeVersion())
	for len(heads) < 3 {
		heads = append(heads, (<-news.Chan()).Number)
		finalized = append(finalized, (<-finals.Chan()).Number)
	}
	distinct := map[string]bool{}
	for len(distinct) < 2 {
		distinct[(<-times.Chan()).Changes[0].StorageData.Hex()] = true
	}
	spec := (<-version.Chan()).SpecName
	news.Unsubscribe()
	finals.Unsubscribe()
	times.Unsubscribe()
	version.Unsubscribe()
	return map[string]any{"heads": heads, "finalized": finalized, "times": len(distinct), "spec": spec}
}

func main() {
	c := connect(os.Args[1])
	defer c.Client.Close()
	seen := map[string]any{
		"read":     c.read(),
		"follow":   c.follow(),
		"immortal": c.pay(c.forever()),
		"mortal":   c.pay(c.soon()),
		"fail":     c.fail(),
		"refused":  c.refused(),
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		panic(err)
	}
}
