#include "tests/daemon/pipeline/ward.h"

#include <array>
#include <charconv>
#include <random>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::ward {
namespace {

std::shared_ptr<ingest::Directory> make_directory() {
    auto directory = std::make_shared<ingest::Directory>();
    auto& study = directory->studies["S"];
    study.cohorts = {"c1"};
    study.sites["a"];
    study.sites["b"];
    return directory;
}

struct Writer {
    std::mt19937_64 random;
    int next_message = 0;
    std::vector<Line> out;

    int roll(int below) { return static_cast<int>(random() % static_cast<std::uint64_t>(below)); }

    std::string tell(int subject, const std::string& record, int version, char action, int at,
                     const std::string& what) {
        const std::string site = roll(40) == 0 ? "z" : (subject % 2 == 0 ? "a" : "b");
        return "m" + std::to_string(next_message++) + "|" + record + "|" + std::to_string(version) + "|" + action +
               "|" + site + "|c1|" + std::to_string(at) + "|" + std::to_string(at + roll(120)) + "|" + what;
    }
    void send(int subject, std::string value) {
        out.push_back({"S/p" + std::to_string(subject), value});
        if (roll(25) == 0) out.push_back(out.back());
    }
};

std::string sign(Writer& writer) {
    switch (writer.roll(12)) {
        case 0:
            return "pressor|on";
        case 1:
            return "pressor|off";
        case 2:
            return "zoster|";
        case 3:
        case 4:
            return "systolic|" + std::to_string(75 + writer.roll(50));
        default:
            return "temp|" + std::to_string(365 + writer.roll(40));
    }
}

void tell_subject(Writer& writer, int subject, int facts, std::vector<std::pair<int, std::string>>& told) {
    told.emplace_back(0, writer.tell(subject, "e", 1, 'c', -10000, "enrol|" + std::to_string(30 + subject)));
    told.emplace_back(1, writer.tell(subject, "i", 1, 'c', 0, "infuse|"));
    for (int i = 0; i < facts; ++i) {
        const int at = 30 + i * 90 + writer.roll(60);
        const int arrives = at + (writer.roll(10) == 0 ? writer.roll(4000) : 5);
        const std::string record = "r" + std::to_string(i);
        told.emplace_back(arrives, writer.tell(subject, record, 1, 'c', at, sign(writer)));
        if (writer.roll(12) == 0) {
            told.emplace_back(arrives + writer.roll(500), writer.tell(subject, record, 2, 'a', at, sign(writer)));
        }
        if (writer.roll(30) == 0) {
            told.emplace_back(arrives + writer.roll(900), writer.tell(subject, record, 3, 'r', at, "retract|"));
        }
    }
    if (writer.roll(6) == 0) told.emplace_back(facts * 95, writer.tell(subject, "d", 1, 'c', facts * 95, "death|crs"));
}

}  // namespace

std::shared_ptr<const ingest::Directory> directory() { return make_directory(); }

std::shared_ptr<const ingest::Directory> wider_directory() {
    auto wider = make_directory();
    wider->studies["S"].sites["z"];
    return wider;
}

std::vector<Line> lines(std::uint64_t seed, int subjects, int facts) {
    Writer writer{.random = std::mt19937_64(seed), .next_message = 0, .out = {}};
    struct Due {
        int at;
        int subject;
        std::string value;
    };
    std::vector<Due> due;
    for (int subject = 0; subject < subjects; ++subject) {
        std::vector<std::pair<int, std::string>> told;
        tell_subject(writer, subject, facts, told);
        for (auto& [at, value] : told) due.push_back({at, subject, std::move(value)});
    }
    std::stable_sort(due.begin(), due.end(), [](const Due& a, const Due& b) { return a.at < b.at; });
    for (auto& [at, subject, value] : due) {
        if (writer.roll(60) == 0) writer.send(subject, "!");
        if (writer.roll(80) == 0) writer.send(subject, writer.tell(subject, "h", 1, 'c', at, "beat|"));
        writer.send(subject, std::move(value));
    }
    return writer.out;
}

}  // namespace cellvigil::ward

// ---- the tests' own Admission
// ---------------------------------------------------------------------------------------------

namespace cellvigil::ingest {
namespace {

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> fields;
    for (;;) {
        const auto bar = text.find('|');
        fields.push_back(text.substr(0, bar));
        if (bar == std::string_view::npos) return fields;
        text.remove_prefix(bar + 1);
    }
}

int number(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Observation observation(Analyte analyte, Quantity value) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = value;
    return said;
}

Body body_of(std::string_view kind, std::string_view value) {
    if (kind == "enrol") {
        Enrollment said;
        said.age_years = static_cast<std::uint32_t>(number(value));
        return said;
    }
    if (kind == "infuse") return Infusion{};
    if (kind == "temp") return observation(Analyte::temperature, Quantity{number(value) * 100'000});
    if (kind == "anc") return observation(Analyte::neutrophils, whole(number(value)));
    if (kind == "systolic") return observation(Analyte::systolic, whole(number(value)));
    if (kind == "pressor") {
        Intervention said;
        said.kind = InterventionKind::vasopressor;
        said.agent = Agent::norepinephrine;
        said.by_infusion = true;
        said.phase = value == "on" ? InterventionPhase::start : InterventionPhase::stop;
        return said;
    }
    if (kind == "zoster") {
        Infection said;
        said.pathogen = PathogenClass::viral;
        said.organism = Organism::vzv;
        said.certainty = Certainty::proven;
        said.zoster = Zoster{};
        return said;
    }
    if (kind == "death") {
        Death said;
        said.principal = DeathCause::crs;
        return said;
    }
    if (kind == "retract") return Retraction{};
    return SiteHeartbeat{};
}

}  // namespace

class Admission::Impl {
  public:
    std::shared_ptr<const Directory> directory;
    Admitted admitted;
};

Admission::Admission(std::shared_ptr<const Directory> directory) : impl_(std::make_unique<Impl>()) {
    impl_->directory = std::move(directory);
}
Admission::~Admission() = default;
void Admission::replace(std::shared_ptr<const Directory> directory) { impl_->directory = std::move(directory); }

std::optional<Admission::Ids> Admission::read(const MessageView& message, const Head*) {
    const auto fields = split(message.value);
    if (fields.size() != 10) return std::nullopt;
    return Ids{.source = "ward", .record = fields[1], .message = fields[0]};
}

bool Admission::admit_ahead(const MessageView& message, const Head&, bool, Admitted& into) {
    into = judge(message, false);
    into.source_hash = hash64(into.event.source_system);
    return into.intake == Intake::accepted && std::holds_alternative<Observation>(into.event.body);
}
const Admitted& Admission::admit(const MessageView& message) { return judge(message, false); }
bool Admission::head_was_enough() const { return false; }
void Admission::remember(Head&) {}

const Admitted& Admission::judge(const MessageView& message, bool) {
    Admitted& out = impl_->admitted;
    out = {};
    const auto fields = split(message.value);
    if (fields.size() != 10) {
        out.intake = Intake::rejected;
        out.issues = {{.path = "", .reason = Reason::unparsable, .detail = "ten fields"}};
        return out;
    }
    Event& event = out.event;
    event.message_id = fields[0];
    event.record = fields[1];
    event.version = static_cast<std::uint32_t>(number(fields[2]));
    event.action = fields[3] == "a"   ? RecordAction::amend
                   : fields[3] == "r" ? RecordAction::retract
                                      : RecordAction::create;
    event.source_system = "ward";
    event.study = "S";
    event.site = fields[4];
    event.cohort = fields[5];
    event.subject = fields[8] == "beat" ? std::string_view{} : message.key.substr(2);
    const Instant at = ward::kStart + minutes(number(fields[6]));
    event.effective = {at, at, UtcOffset(480), TimePrecision::second};
    event.recorded_at = ward::kStart + minutes(number(fields[7]));
    event.appended_at = message.appended_at;
    event.content_hash = hash64(message.value.substr(message.value.find('|')));
    event.body = body_of(fields[8], fields[9]);
    out.intake = Intake::accepted;
    const auto& sites = impl_->directory->studies.at("S").sites;
    if (sites.find(std::string(event.site)) == sites.end()) {
        out.intake = Intake::quarantined;
        out.issues = {{.path = "site_id", .reason = Reason::unknown_site, .detail = "a configured site"}};
    }
    return out;
}

}  // namespace cellvigil::ingest
