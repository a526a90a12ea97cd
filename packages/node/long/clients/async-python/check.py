"""What a program written with async-substrate-interface does with a chain: reads, follows, pays, submits, decodes.

Prints one JSON object of all that it has seen; ends with an exception at the first thing that does not work.
"""

import asyncio
import json
import sys

from async_substrate_interface import AsyncSubstrateInterface
from async_substrate_interface.errors import SubstrateRequestException
from bittensor_wallet import Keypair

HAM = 10**12
ALICE = Keypair.create_from_uri("//Alice")
BOB = Keypair.create_from_uri("//Bob")


async def free(chain, address):
    account = await chain.query("System", "Account", [address])
    return account.value["data"]["free"]


async def read(chain):
    accounts = await chain.query_map("System", "Account", page_size=3)
    deposit = await chain.get_constant("Balances", "ExistentialDeposit")
    first = await chain.get_block(await chain.get_block_hash(1))
    return {
        "chain": await chain.get_chain_head() is not None and chain.chain,
        "accounts": len([key async for key, _ in accounts]),
        "deposit": deposit.value,
        "nonce": await chain.runtime_call("AccountNonceApi", "account_nonce", [ALICE.ss58_address]),
        "first": len(first["extrinsics"]),
    }


async def follow(chain):
    heads = []

    async def on_head(head):
        heads.append(head["header"]["number"])
        return True if len(heads) == 3 else None

    await chain.subscribe_block_headers(on_head)
    return heads


async def signed(chain, value, **options):
    params = {"dest": BOB.ss58_address, "value": value}
    call = await chain.compose_call("Balances", "transfer_keep_alive", params)
    return call, await chain.create_signed_extrinsic(call, ALICE, **options)


async def submit(chain, **options):
    before = await free(chain, BOB.ss58_address)
    call, extrinsic = await signed(chain, HAM, **options)
    receipt = await chain.submit_extrinsic(extrinsic, wait_for_finalization=True)
    info = await chain.get_payment_info(call, ALICE)
    return {
        "success": await receipt.is_success,
        "fees": [info["partial_fee"], await receipt.total_fee_amount],
        "received": await free(chain, BOB.ss58_address) - before,
        "events": [
            f"{each['event']['module_id']}.{each['event']['event_id']}" for each in await receipt.triggered_events
        ],
    }


async def refusal(chain):
    _, extrinsic = await signed(chain, HAM, nonce=0)
    try:
        await chain.submit_extrinsic(extrinsic, wait_for_inclusion=True)
    except SubstrateRequestException as error:
        return error.args[0]


async def main(url):
    async with AsyncSubstrateInterface(url, ss58_format=42) as chain:
        seen = {
            "read": await read(chain),
            "heads": await follow(chain),
            "immortal": await submit(chain),
            "mortal": await submit(chain, era={"period": 64}),
            "refusal": await refusal(chain),
        }
    print(json.dumps(seen, default=str))


asyncio.run(main(sys.argv[1]))
