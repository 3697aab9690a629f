"""What wrk says of a run, read whole: a figure without its failures would be too good."""

from bench.stage import parse_wrk

QUICK = """Running 2s test @ http://127.0.0.1:8000
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   812.11us  120.02us   9.63ms   92.01%
    Req/Sec    79.41k     2.20k   83.01k    75.00%
  Latency Distribution
     50%  790.00us
     99%    1.20ms
  158021 requests in 2.00s, 120.01MB read
Requests/sec:  79010.12
Transfer/sec:     60.00MB
"""


def test_all_kinds_of_failures_are_read():
    assert parse_wrk(QUICK) == {"rate": 79010.12, "p99_ms": 1.2, "failed": 0, "unanswered": {}}
    errors = "  Socket errors: connect 0, read 12, write 0, timeout 3\n  Non-2xx or 3xx responses: 7\nRequests/sec"
    poor = parse_wrk(QUICK.replace("Requests/sec", errors))
    assert poor == {"rate": 79010.12, "p99_ms": 1.2, "failed": 7, "unanswered": {"read": 12, "timeout": 3}}
