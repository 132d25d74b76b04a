"""What the benchmark found, for reading."""


def table(results):
    rows = []
    if "end_to_end_messages_per_second" in results:
        rows += [("bare consumer (stock loop, large fetches)", f"{results['bare_consumer_messages_per_second']:,.0f} messages/s"),
                 ("the same with the library's own settings", f"{results['stock_settings_consumer_messages_per_second']:,.0f} messages/s"),
                 ("best bare consumer", f"{results['best_consumer_messages_per_second']:,.0f} messages/s"),
                 ("daemon, end to end, durable", f"{results['end_to_end_messages_per_second']:,.0f} messages/s"),
                 ("daemon / bare consumer", f"{results['end_to_end_over_bare_consumer_ratio']:.2f}"),
                 ("  with stock settings", f"{results['end_to_end_over_stock_settings_consumer_ratio']:.2f}"),
                 ("daemon / best bare consumer", f"{results['end_to_end_over_best_consumer_ratio']:.2f}"),
                 ("daemon's CPU per message", f"{results['daemon_cpu_microseconds_per_message']:.2f} us"),
                 *((f"  of it {name}", f"{us:.2f} us") for name, us in
                   results["daemon_cpu_microseconds_per_message_by_thread"].items() if us >= 0.02),
                 ("daemon's peak memory", f"{results['daemon_peak_resident_bytes'] / 2**20:,.0f} MiB")]
    if "in_process" in results:
        one = results["in_process"]
        rows += [("in process: admission", f"{one['admit_ns']:.0f} ns"),
                 ("in process: admission, grading, frame", f"{one['admit_apply_frame_ns']:.0f} ns"),
                 ("in process: commit to SQLite", f"{results['in_process_sqlite']['commit_ns']:.0f} ns a message")]
        rows += [(f"history of {line['events_per_subject']:,} events", f"{line['ns_per_message']:.0f} ns a message")
                 for line in results["cost_by_history_length"]]
        one = results["cost_by_scale"]
        rows += [("an event kept, nothing derived", f"{one['kept_ns']:.0f} ns"),
                 ("  and graded by ASTCT CRS and ICANS alone", f"{one['without_ns']:.0f} ns"),
                 ("  and by the default scales", f"{one['default_ns']:.0f} ns"),
                 ("  and by every scale", f"{one['all_ns']:.0f} ns")]
        rows += [(f"  of it {scale} by itself", f"{ns:.0f} ns") for scale, ns in one["by_scale_ns"].items()]
        one = results["cost_as_a_cohort_sends_it"]
        rows += [("a cohort as its sites send it, half of it late", f"{one['as_sent_ns']:.0f} ns, {one['steps_again']:.1f} facts folded again")]
        rows += [("  and folded once from scratch", f"{one['from_scratch_ns']:.0f} ns")]
        rows += [(f"{line['subjects']:,} subjects", f"{line['ns_per_message']:.0f} ns a message, "
                  f"{line['bytes_per_subject']:,} bytes each") for line in results.get("cost_by_subjects", [])]
        rows += [("in process, to the answer, p99", f"{results['latency_in_process']['answer']['p99_ms']:.1f} ms"),
                 ("in process, to the alert, p99", f"{results['latency_in_process']['alert']['p99_ms']:.1f} ms")]
    if "alert_latency_through_kafka_and_webhook_ms" in results:
        one = results["alert_latency_through_kafka_and_webhook_ms"]
        rows.append(("full load, produced on this machine", f"{results['live_full_load_messages_per_second']:,.0f} messages/s"))
        rows.append(("Kafka to webhook at half load, p50 / p99", f"{one['p50']:.1f} / {one['p99']:.1f} ms"))
    if "restart_after_kill_seconds" in results:
        rows.append(("ready again after kill -9", f"{results['restart_after_kill_seconds']:.1f} s"))
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)
