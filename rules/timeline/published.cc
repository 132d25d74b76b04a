#include "rules/timeline/published.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "rules/timeline/canonical.h"

namespace cellvigil {
namespace {

auto identity(const SubjectAlert& alert) {
    return std::tuple(alert.rule, alert.infusion, alert.ordinal, alert.of_record);
}

}  // namespace

SubjectAlert alert_of(const AlertCause& cause, const Records& records) {
    SubjectAlert alert;
    alert.rule = cause.rule;
    alert.infusion = cause.infusion;
    alert.ordinal = cause.ordinal;
    alert.at = cause.at;
    alert.day = cause.day;
    alert.worst_at = cause.worst_at;
    alert.worst_day = cause.worst_day;
    alert.grade = cause.grade;
    alert.grade_upper = cause.grade_upper;
    alert.flags = cause.flags;
    alert.deciding = cause.deciding;
    alert.zoster = cause.zoster;
    alert.scale = cause.scale;
    alert.urgency = cause.urgency;
    alert.weight = cause.weight;
    alert.details = cause.details;
    alert.of_record = cause.of_record;
    for (AlertDetail& detail : alert.details) {
        if (detail.record.known()) detail.source = records.text(detail.record.index);
        detail.record = {};
    }
    for (const RecordRef record : cause.evidence) {
        if (record.known()) alert.evidence.emplace_back(records.text(record.index));
    }
    std::sort(alert.evidence.begin(), alert.evidence.end());
    return alert;
}

std::vector<AlertChange> changes_since(std::vector<PublishedAlert>& published, std::vector<SubjectAlert> now,
                                       std::string_view key) {
    std::vector<AlertChange> changes;
    for (PublishedAlert& known : published) {
        const bool stands = std::any_of(now.begin(), now.end(), [&](const SubjectAlert& alert) {
            return identity(alert) == identity(known.alert);
        });
        if (stands || known.withdrawn) continue;
        known.withdrawn = true;
        ++known.revision;
        changes.push_back({AlertChangeKind::withdrawn, known.revision, known.alert, alert_id(key, known.alert), false});
    }
    for (SubjectAlert& alert : now) {
        const auto known = std::find_if(published.begin(), published.end(), [&](const PublishedAlert& entry) {
            return identity(entry.alert) == identity(alert);
        });
        if (known == published.end()) {
            published.push_back({alert, 1, false});
            changes.push_back({AlertChangeKind::raised, 1, alert, alert_id(key, alert), false});
        } else if (known->withdrawn || !(known->alert == alert)) {
            const AlertChangeKind kind = known->withdrawn ? AlertChangeKind::raised : AlertChangeKind::changed;
            const bool worse = kind == AlertChangeKind::changed && is_worse(alert, known->alert);
            known->withdrawn = false;
            known->alert = alert;
            ++known->revision;
            changes.push_back({kind, known->revision, alert, alert_id(key, alert), worse});
        }
    }
    std::sort(changes.begin(), changes.end(),
              [](const AlertChange& a, const AlertChange& b) { return identity(a.alert) < identity(b.alert); });
    return changes;
}

void write_published(ByteWriter& out, const std::vector<PublishedAlert>& published) {
    out.u64(published.size());
    for (const PublishedAlert& entry : published) {
        write_alert(out, entry.alert);
        out.u64(entry.revision);
        out.u8(entry.withdrawn ? 1 : 0);
    }
}

std::vector<PublishedAlert> read_published(ByteReader& in) {
    std::vector<PublishedAlert> published;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        PublishedAlert entry;
        entry.alert = read_alert(in);
        entry.revision = static_cast<std::uint32_t>(in.u64());
        entry.withdrawn = in.u8() != 0;
        published.push_back(std::move(entry));
    }
    return published;
}

}  // namespace cellvigil
