"""What a program written with py-substrate-interface does with a chain: reads, follows, pays, submits, decodes.

Prints one JSON object of all that it has seen; ends with an exception at the first thing that does not work.
"""

import json
import sys

from substrateinterface import Keypair, SubstrateInterface
from substrateinterface.exceptions import SubstrateRequestException

HAM = 10**12
ALICE = Keypair.create_from_uri("//Alice")
BOB = Keypair.create_from_uri("//Bob")


def free(chain, address):
    return chain.query("System", "Account", [address]).value["data"]["free"]


def transfer(chain, value):
    params = {"dest": BOB.ss58_address, "value": value}
    return chain.compose_call("Balances", "transfer_keep_alive", params)


def read(chain):
    account = chain.create_storage_key("System", "Account", [ALICE.ss58_address])
    now = chain.create_storage_key("Timestamp", "Now", [])
    return {
        "chain": chain.chain,
        "ss58": chain.ss58_format,
        "token": [chain.token_symbol, chain.token_decimals],
        "free": free(chain, ALICE.ss58_address),
        "accounts": len(list(chain.query_map("System", "Account", page_size=3))),
        "deposit": chain.get_constant("Balances", "ExistentialDeposit").value,
        "many": len(chain.query_multi([account, now])),
        "spec": chain.runtime_call("Core", "version", []).value["spec_name"],
        "nonce": chain.runtime_call("AccountNonceApi", "account_nonce", [ALICE.ss58_address]).value,
        "finalized": chain.get_chain_finalised_head(),
    }


def follow(chain):
    heads, times = [], []

    def on_head(head, _number, _subscription):
        heads.append(head["header"]["number"])
        return True if len(heads) == 3 else None

    def on_time(now, _number, _subscription):
        times.append(now.value)
        return True if len(times) == 2 else None

    chain.subscribe_block_headers(on_head)
    chain.query("Timestamp", "Now", subscription_handler=on_time)
    return {"heads": heads, "times": times}


def submit(chain, era):
    before = free(chain, BOB.ss58_address)
    call = transfer(chain, HAM)
    fee = chain.get_payment_info(call, ALICE)["partialFee"]
    signed = chain.create_signed_extrinsic(call, ALICE, era=era)
    receipt = chain.submit_extrinsic(signed, wait_for_finalization=True)
    block = chain.get_block(block_hash=receipt.block_hash)
    calls = [extrinsic.value["call"] for extrinsic in block["extrinsics"]]
    events = [event.value for event in receipt.triggered_events]
    return {
        "success": receipt.is_success,
        "fee": [fee, receipt.total_fee_amount],
        "received": free(chain, BOB.ss58_address) - before,
        "calls": [f"{call['call_module']}.{call['call_function']}" for call in calls],
        "events": [f"{event['module_id']}.{event['event_id']}" for event in events],
    }


def fail(chain):
    call = chain.compose_call("Provider", "set_status", {"resource": 999_999, "status": "Offline"})
    signed = chain.create_signed_extrinsic(call, ALICE)
    receipt = chain.submit_extrinsic(signed, wait_for_inclusion=True)
    stale = chain.create_signed_extrinsic(transfer(chain, HAM), ALICE, nonce=0)
    refusal = None
    try:
        chain.submit_extrinsic(stale, wait_for_inclusion=True)
    except SubstrateRequestException as error:
        refusal = error.args[0]
    return {"success": receipt.is_success, "error": receipt.error_message, "refusal": refusal}


def main():
    with SubstrateInterface(url=sys.argv[1]) as chain:
        seen = {
            "read": read(chain),
            "follow": follow(chain),
            "immortal": submit(chain, None),
            "mortal": submit(chain, {"period": 64}),
            "fail": fail(chain),
        }
    print(json.dumps(seen))


main()
