"""Resolves endpoints with botocore, as the oracle of our own table.

    python3 endpoints.py < FILE

FILE is a JSON list of {service, region, fips, dualStack}; prints a JSON list of URLs, null where there is none.
"""
import json
import sys

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

LOADER = botocore.session.get_session().get_component("data_loader")
PARTITIONS = LOADER.load_data("partitions")
RULES = {}


def resolve(row):
    name = {"portal.sso": "sso"}.get(row["service"], row["service"])
    if name not in RULES:
        RULES[name] = EndpointProvider(LOADER.load_service_model(name, "endpoint-rule-set-1"), PARTITIONS)
    inputs = {"Region": row["region"], "UseFIPS": row["fips"], "UseDualStack": row["dualStack"]}
    try:
        return RULES[name].resolve_endpoint(**inputs).url
    except EndpointProviderError:
        return None


json.dump([resolve(row) for row in json.load(sys.stdin)], sys.stdout)
