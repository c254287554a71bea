"""A publisher and consumer for the tests: confirmed, persistent messages. It goes on with another node where one fails.

messages.py publish|consume|count HOSTS QUEUE FIRST COUNT  (the password on standard input; user `tester`)
"""
import sys
import time

import pika

action, hosts, queue, first, count = sys.argv[1], sys.argv[2].split(","), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
password = sys.stdin.readline().strip()
credentials = pika.PlainCredentials("tester", password)
DEADLINE = time.monotonic() + 180


def connect():
    """A channel to whichever node answers; tries them in turn until the deadline."""
    while True:
        for host in hosts:
            try:
                parameters = pika.ConnectionParameters(
                    host, credentials=credentials, blocked_connection_timeout=20, socket_timeout=5, heartbeat=10
                )
                return pika.BlockingConnection(parameters).channel()
            except Exception:  # any node may be down at any time: that is what the test is about
                if time.monotonic() > DEADLINE:
                    raise
        time.sleep(1)


def publish():
    """Publishes each number until a node confirms it: at least once."""
    channel = None
    for number in range(first, first + count):
        while True:
            try:
                if channel is None:
                    channel = connect()
                    channel.queue_declare(queue, durable=True)
                    channel.confirm_delivery()
                channel.basic_publish(
                    "", queue, str(number).encode(), pika.BasicProperties(delivery_mode=2), mandatory=True
                )
                break
            except Exception:  # not confirmed: published again, by another node
                if time.monotonic() > DEADLINE:
                    raise
                channel = None
                time.sleep(0.5)
    print(count)


def consume():
    """Takes all messages; prints how many different ones of those wanted were there."""
    found = set()
    channel = connect()
    while True:
        method, _, body = channel.basic_get(queue, auto_ack=True)
        if method is None:
            break
        found.add(int(body))
    print(len(found & set(range(first, first + count))))


{"publish": publish, "consume": consume}[action]()
