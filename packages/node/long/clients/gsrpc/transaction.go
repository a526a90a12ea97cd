package main

import (
	"context"
	"fmt"

	gethrpc "github.com/centrifuge/go-substrate-rpc-client/v4/gethrpc"
	"github.com/centrifuge/go-substrate-rpc-client/v4/signature"
	"github.com/centrifuge/go-substrate-rpc-client/v4/types"
	"github.com/centrifuge/go-substrate-rpc-client/v4/types/codec"
)

// payment is what follows the nonce in a signed extrinsic: this release of the library knows of no CheckMetadataHash,
// and leaves to the program what its chain has besides the tip.
type payment struct {
	Tip          types.UCompact
	MetadataHash types.U8
}

// lifetime is the era of a transaction, and the block that it begins with.
type lifetime struct {
	era  types.ExtrinsicEra
	born types.Hash
}

func (c *chain) forever() lifetime {
	return lifetime{types.ExtrinsicEra{IsImmortalEra: true}, c.genesis}
}

// soon is a life of 64 blocks from the last final one on.
func (c *chain) soon() lifetime {
	born := must(c.RPC.Chain.GetFinalizedHead())
	number := must(c.RPC.Chain.GetHeader(born)).Number
	encoded := uint16(number%64)<<4 | 5
	mortal := types.MortalEra{First: byte(encoded), Second: byte(encoded >> 8)}
	return lifetime{types.ExtrinsicEra{IsMortalEra: true, AsMortalEra: mortal}, born}
}

func concat(parts ...any) []byte {
	var bytes []byte
	for _, part := range parts {
		bytes = append(bytes, must(codec.Encode(part))...)
	}
	return bytes
}

func (c *chain) sign(who signature.KeyringPair, call types.Call, life lifetime, nonce uint64) string {
	counted, extra := types.NewUCompactFromUInt(nonce), payment{Tip: types.NewUCompactFromUInt(0)}
	extension := concat(life.era, counted, extra)
	common := concat(c.version.SpecVersion, c.version.TransactionVersion, c.genesis, life.born, types.U8(0))
	signed := append(append(concat(call), extension...), common...)
	proof := types.NewSignature(must(signature.Sign(signed, who.URI)))
	body := concat(
		types.U8(types.ExtrinsicBitSigned|types.ExtrinsicVersion4),
		must(types.NewMultiAddressFromAccountID(who.PublicKey)),
		types.MultiSignature{IsSr25519: true, AsSr25519: proof},
	)
	body = append(append(body, extension...), concat(call)...)
	return must(codec.EncodeToHex(types.NewBytes(body)))
}

func (c *chain) transfer(planck uint64) types.Call {
	to := must(types.NewMultiAddressFromAccountID(c.bob.PublicKey))
	return must(types.NewCall(c.meta, "Balances.transfer_keep_alive", to, types.NewUCompactFromUInt(planck)))
}

func (c *chain) next() uint64 {
	return uint64(c.account(c.alice.PublicKey).Nonce)
}

// final submits and answers the block in which the transaction is final.
func (c *chain) final(transaction string) (types.Hash, error) {
	statuses := make(chan types.ExtrinsicStatus)
	subscription, err := c.Client.Subscribe(
		context.Background(), "author", "submitAndWatchExtrinsic", "unwatchExtrinsic", "extrinsicUpdate",
		statuses, transaction,
	)
	if err != nil {
		return types.Hash{}, err
	}
	defer subscription.Unsubscribe()
	for {
		select {
		case status := <-statuses:
			if status.IsFinalized {
				return status.AsFinalized, nil
			}
			if status.IsDropped || status.IsInvalid || status.IsUsurped {
				return types.Hash{}, fmt.Errorf("never final: %+v", status)
			}
		case err := <-subscription.Err():
			return types.Hash{}, err
		}
	}
}

func (c *chain) pay(life lifetime) map[string]any {
	before := c.account(c.bob.PublicKey).Data.Free
	transaction := c.sign(c.alice, c.transfer(ham), life, c.next())
	block := must(c.final(transaction))
	received := c.account(c.bob.PublicKey).Data.Free
	return map[string]any{
		"received": received.Sub(received.Int, before.Int),
		"calls":    c.calls(block),
		"events":   c.events(block),
	}
}

// fail is a call that is valid and fails when it runs.
func (c *chain) fail() map[string]any {
	status := types.U8(0)
	call := must(types.NewCall(c.meta, "Provider.set_status", types.NewU64(999_999), status))
	block := must(c.final(c.sign(c.alice, call, c.forever(), c.next())))
	return map[string]any{"error": c.dispatchError(block), "events": c.events(block)}
}

// refused tells how the node answers transactions that it does not take.
func (c *chain) refused() map[string]any {
	poor := must(signature.KeyringPairFromSecret("//Nobody", 42))
	good := c.sign(c.alice, c.transfer(ham), c.forever(), c.next())
	return map[string]any{
		"stale":   c.refusal(c.sign(c.alice, c.transfer(ham), c.forever(), 0)),
		"forged":  c.refusal(c.forge(good)),
		"poor":    c.refusal(c.sign(poor, c.transfer(ham), c.forever(), 0)),
		"cut":     c.refusal(good[:len(good)-8]),
		"without": c.refusal(c.withoutMetadataHash()),
	}
}

func (c *chain) refusal(transaction string) string {
	var hash string
	err := c.Client.Call(&hash, "author_submitExtrinsic", transaction)
	if err == nil {
		return "taken as " + hash
	}
	if coded, is := err.(gethrpc.Error); is {
		return fmt.Sprintf("%d %s", coded.ErrorCode(), coded.Error())
	}
	return err.Error()
}

// forge changes a byte in the middle of the signature.
func (c *chain) forge(transaction string) string {
	bytes := must(codec.HexDecodeString(transaction))
	bytes[60] ^= 1
	return must(codec.EncodeToHex(types.BytesBare(bytes)))
}

// withoutMetadataHash is what the library itself makes, for chains of before CheckMetadataHash.
func (c *chain) withoutMetadataHash() string {
	transaction := types.NewExtrinsic(c.transfer(ham))
	options := types.SignatureOptions{
		Era: types.ExtrinsicEra{IsImmortalEra: true}, Nonce: types.NewUCompactFromUInt(c.next()),
		Tip: types.NewUCompactFromUInt(0), SpecVersion: c.version.SpecVersion,
		GenesisHash: c.genesis, BlockHash: c.genesis, TransactionVersion: c.version.TransactionVersion,
	}
	if err := transaction.Sign(c.alice, options); err != nil {
		panic(err)
	}
	return must(codec.EncodeToHex(transaction))
}
