package main

import (
	"github.com/centrifuge/go-substrate-rpc-client/v4/registry"
	"github.com/centrifuge/go-substrate-rpc-client/v4/registry/exec"
	"github.com/centrifuge/go-substrate-rpc-client/v4/registry/parser"
	"github.com/centrifuge/go-substrate-rpc-client/v4/registry/retriever"
	"github.com/centrifuge/go-substrate-rpc-client/v4/registry/state"
	"github.com/centrifuge/go-substrate-rpc-client/v4/rpc/chain/generic"
	"github.com/centrifuge/go-substrate-rpc-client/v4/types"
)

type (
	address   = types.MultiAddress
	proof     = types.MultiSignature
	extrinsic = parser.Extrinsic[address, proof, payment]
	block     = generic.SignedBlock[address, proof, payment]
)

// calls names what a block holds, decoded to its last field.
func (c *chain) calls(hash types.Hash) []string {
	decoder := must(retriever.NewExtrinsicRetriever[address, proof, payment, *block](
		parser.NewExtrinsicParser[address, proof, payment](),
		generic.NewChain[address, proof, payment, *block](c.Client),
		c.RPC.State,
		registry.NewFactory(),
		exec.NewRetryableExecutor[*block](exec.WithMaxRetryCount(1)),
		exec.NewRetryableExecutor[[]*extrinsic](exec.WithMaxRetryCount(1)),
	))
	var names []string
	for _, decoded := range must(decoder.GetExtrinsics(hash)) {
		names = append(names, decoded.Name)
	}
	return names
}

func (c *chain) decodedEvents(hash types.Hash) []*parser.Event {
	decoder := must(retriever.NewDefaultEventRetriever(state.NewEventProvider(c.RPC.State), c.RPC.State))
	return must(decoder.GetEvents(hash))
}

func (c *chain) events(hash types.Hash) []string {
	var names []string
	for _, event := range c.decodedEvents(hash) {
		names = append(names, event.Name)
	}
	return names
}

// dispatchError names the error of the first call of a block that failed.
func (c *chain) dispatchError(hash types.Hash) string {
	for _, event := range c.decodedEvents(hash) {
		if event.Name == "System.ExtrinsicFailed" {
			return c.moduleError(event.Fields[0].Value.(registry.DecodedFields))
		}
	}
	return ""
}

func (c *chain) moduleError(failure registry.DecodedFields) string {
	of := failure[0].Value.(registry.DecodedFields)
	id := registry.ErrorID{ModuleIndex: of[0].Value.(types.U8)}
	for index, value := range of[1].Value.([]any) {
		id.ErrorIndex[index] = value.(types.U8)
	}
	return must(registry.NewFactory().CreateErrorRegistry(c.meta))[id].Name
}
