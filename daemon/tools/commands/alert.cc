#include "daemon/tools/commands/alert.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include <fmt/core.h>

#include "daemon/book/book.h"
#include "daemon/book/book_json.h"
#include "daemon/clock.h"
#include "daemon/http/call.h"
#include "daemon/tools/command.h"
#include "daemon/tools/read_entry.h"
#include "daemon/tools/store_option.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

struct AlertOptions {
    bool json = false;
    std::string verb;
    std::string to;  // a daemon's address; empty: the folder is read
    std::string data;
    std::string alert_id;
    std::string as_of;
    std::string stage;
    bool waiting = false;
    std::size_t at_most = 100;
    std::string after;
    std::string reason;
    std::string comment;
    std::string until;
    std::string assignee;
    std::string tag;
    std::string key;
    std::string token;
};

Result<std::optional<Instant>> as_of_in(const AlertOptions& options) {
    if (options.as_of.empty()) return std::optional<Instant>();
    const auto at = parse_rfc3339(options.as_of);
    if (!at) return fail(Errc::invalid, "--as-of: expected a time such as 2026-01-05T14:20:00+08:00");
    return std::optional<Instant>(*at);
}

// The daemon's answer; its problem as an error that says what it said.
Result<json::value> ask_daemon(const AlertOptions& options, const std::string& method, const std::string& target,
                               const std::string& body) {
    auto call = http::call_to(options.to);
    if (!call) return fail(call.error());
    call->method = method;
    call->target = target;
    call->body = body;
    if (!body.empty()) call->headers["content-type"] = "application/json";
    if (!options.tag.empty()) call->headers["if-match"] = "\"" + options.tag + "\"";
    if (!options.key.empty()) call->headers["idempotency-key"] = options.key;
    if (!options.token.empty()) call->headers["authorization"] = "Bearer " + options.token;
    const auto answer = http::call(*call);
    if (!answer) return fail(answer.error());
    boost::system::error_code error;
    json::value value = json::parse(answer->body, error);
    if (error) return fail(Errc::unavailable, "HTTP " + std::to_string(answer->status) + ", not JSON");
    if (answer->status == 200) return value;
    std::string told = "HTTP " + std::to_string(answer->status);
    for (const char* name : {"title", "detail"}) {
        const json::value* text = value.is_object() ? value.as_object().if_contains(name) : nullptr;
        if (text != nullptr && text->is_string()) told += ": " + std::string(text->as_string());
    }
    return fail(answer->status == 404   ? Errc::not_found
                : answer->status >= 500 ? Errc::unavailable
                                        : Errc::conflict,
                told);
}

std::string query_of(const AlertOptions& options) {
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + http::encoded(value);
    };
    add("as_of", options.as_of);
    if (options.verb != "list") return query;
    add("stage", options.stage);
    add("waiting", options.waiting ? "true" : "");
    add("limit", std::to_string(options.at_most));
    add("after", options.after);
    return query;
}

Result<json::value> list_in_folder(const AlertOptions& options, store::Store& store, std::optional<Instant> as_of) {
    book::Choice choice;
    choice.after = options.after;
    choice.at_most = options.at_most;
    choice.as_of = as_of;
    choice.waiting = options.waiting;
    for (int i = 0; i < kStages; ++i) {
        if (options.stage == name_of(static_cast<Stage>(i))) choice.stage = static_cast<Stage>(i);
    }
    if (!options.stage.empty() && !choice.stage) return fail(Errc::invalid, "--stage: no such stage");
    const Instant at = as_of.value_or(wall_clock());
    const auto chosen = book::standings(store, choice, at);
    if (!chosen) return fail(chosen.error());
    json::array list;
    for (const book::Standing& one : *chosen) list.push_back(book::standing_json(one, at, {}));
    json::object body{{"alerts", std::move(list)}, {"next", nullptr}};
    if (chosen->size() == options.at_most) body["next"] = chosen->back().row.alert_id;
    return json::value(std::move(body));
}

Result<json::value> read_folder(const AlertOptions& options) {
    const auto as_of = as_of_in(options);
    if (!as_of) return fail(as_of.error());
    const json::object asked{{"as_of", options.as_of}, {"stage", options.stage}, {"after", options.after}};
    if (auto entered = enter_read(options.data, {.what = "alert." + options.verb,
                                                 .object = options.alert_id.empty() ? "*" : options.alert_id,
                                                 .is_subject = false,
                                                 .arguments = json::serialize(asked)});
        !entered)
        return fail(entered.error());
    const auto store = open_to_read(options.data);
    if (!store) return fail(store.error());
    if (options.verb == "list") return list_in_folder(options, **store, *as_of);
    const auto standing = book::standing_of(**store, options.alert_id, *as_of);
    if (!standing) return fail(standing.error());
    if (options.verb == "show") return json::value(book::standing_json(*standing, as_of->value_or(wall_clock()), {}));
    const auto history = (*store)->actions_of(options.alert_id);
    if (!history) return fail(history.error());
    json::array steps;
    for (const store::ActionRow& row : *history) {
        if (*as_of && row.action.at > **as_of) break;
        steps.push_back(book::action_json(row));
    }
    return json::value(json::object{{"alert_id", options.alert_id}, {"history", std::move(steps)}});
}

std::string text_at(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return "";
    return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

std::string who(const json::object& object, const char* name) {
    const json::value* by = object.if_contains(name);
    if (by == nullptr || !by->is_object()) return "-";
    return text_at(by->as_object(), "person") + " " + text_at(by->as_object(), "at");
}

void print(const AlertOptions& options, const json::value& answer, std::ostream& out) {
    const json::object& object = answer.as_object();
    if (const json::value* list = object.if_contains("alerts"); list != nullptr) {
        out << fmt::format("{:<32}  {:<22} {:<9} {:<16} {:<24} {}\n", "alert", "stage", "severity", "rule", "fired at",
                           "subject");
        for (const json::value& one : list->as_array()) {
            const json::object& row = one.as_object();
            out << fmt::format("{:<32}  {:<22} {:<9} {:<16} {:<24} {}\n", text_at(row, "alert_id"),
                               text_at(row, "stage"), text_at(row, "severity"), text_at(row, "rule"),
                               text_at(row, "fired_at"), text_at(row, "subject"));
        }
        return;
    }
    if (const json::value* history = object.if_contains("history"); history != nullptr) {
        for (const json::value& one : history->as_array()) {
            const json::object& row = one.as_object();
            out << fmt::format("{:>4}  {:<24} {:<16} {} ({})", text_at(row, "number"), text_at(row, "at"),
                               text_at(row, "action"), text_at(row, "person"), text_at(row, "role"));
            for (const char* name : {"revision", "severity", "reason", "comment", "assignee", "until"}) {
                if (const std::string text = text_at(row, name); !text.empty()) out << "  " << name << ": " << text;
            }
            out << '\n';
        }
        return;
    }
    for (const char* name : {"alert_id", "stage", "severity", "rule", "subject", "cohort", "site", "event_time",
                             "raised_at", "fired_at", "assignee", "shelved_until", "tag"}) {
        if (const std::string text = text_at(object, name); !text.empty())
            out << fmt::format("{:<18} {}\n", name, text);
    }
    for (const char* name : {"acknowledged", "closure_proposed", "closed"})
        out << fmt::format("{:<18} {}\n", name, who(object, name));
    out << fmt::format("{:<18} {}\n", "possible", text_at(object, "possible"));
    static_cast<void>(options);
}

ExitCode run(const AlertOptions& options, Console& console, bool acts) {
    Result<json::value> answer = fail(Errc::invalid, "");
    if (acts) {
        json::object body;
        for (const auto& [name, value] :
             {std::pair("reason", &options.reason), std::pair("comment", &options.comment),
              std::pair("until", &options.until), std::pair("assignee", &options.assignee)}) {
            if (!value->empty()) body[name] = *value;
        }
        answer = ask_daemon(options, "POST", "/api/v1/alerts/" + http::encoded(options.alert_id) + "/" + options.verb,
                            json::serialize(body));
    } else if (options.to.empty()) {
        answer = read_folder(options);
    } else {
        std::string target = "/api/v1/alerts";
        if (options.verb != "list") target += "/" + http::encoded(options.alert_id);
        if (options.verb == "history") target += "/history";
        answer = ask_daemon(options, "GET", target + query_of(options), "");
    }
    if (!answer) return failed(console, answer.error(), options.json);
    if (options.json) {
        console.out << json::serialize(*answer) << '\n';
    } else {
        print(options, *answer, console.out);
    }
    return ExitCode::fine;
}

struct VerbRow {
    const char* name;
    const char* route;
    const char* description;
};
constexpr VerbRow kActs[] = {
    {"ack", "acknowledge", "Acknowledges: a named person has seen it"},
    {"comment", "comment", "Adds a comment"},
    {"assign", "assign", "Gives it to somebody; without --assignee takes it back"},
    {"shelve", "shelve", "Puts it off until --until"},
    {"unshelve", "unshelve", "Takes it off the shelf"},
    {"close", "close", "Proposes closure; closes below severity high"},
    {"confirm", "confirm", "Confirms a proposed closure, as another person"},
    {"reject", "reject", "Rejects a proposed closure, with a comment"},
    {"reopen", "reopen", "Opens a closed alert again"},
    {"assess", "assess", "Says what is known of its case: --reason information:serious=yes"},
};

void add_token(CLI::App& command, AlertOptions& options) {
    command.add_option("--token", options.token, "Access token for the daemon; better in the variable")
        ->envname("CELLVIGIL_TOKEN");
}

void add_reading(CLI::App& alert, Action& chosen, const char* name, const char* description) {
    auto options = std::make_shared<AlertOptions>();
    options->verb = name;
    CLI::App* command = add_command(alert, name, description, options->json);
    if (options->verb == "list") {
        command->add_option("--stage", options->stage, "Only those in this stage");
        command->add_flag("--waiting", options->waiting, "Only those that somebody has to look at");
        command->add_option("--limit", options->at_most, "At most so many")->check(CLI::Range(1, 1000));
        command->add_option("--after", options->after, "Those after this id");
    } else {
        command->add_option("ALERT", options->alert_id, "The alert's id")->required();
    }
    command->add_option("--as-of", options->as_of, "As it stood then, RFC 3339; default: now");
    command->add_option("--to", options->to, "A running daemon, http://host:port; default: read the data folder");
    add_token(*command, *options);
    add_data_option(*command, options->data);
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return run(*options, console, false); }; });
}

void add_acting(CLI::App& alert, Action& chosen, const VerbRow& verb) {
    auto options = std::make_shared<AlertOptions>();
    options->verb = verb.route;
    CLI::App* command = add_command(alert, verb.name, verb.description, options->json);
    command->add_option("ALERT", options->alert_id, "The alert's id")->required();
    command->add_option("--to", options->to, "The daemon, http://host:port")->required();
    add_token(*command, *options);
    command->add_option("--reason", options->reason, "A code of the deployment's list");
    command->add_option("--comment", options->comment, "In words");
    command->add_option("--if-match", options->tag, "Only while the alert's tag is this (`show`)");
    command->add_option("--key", options->key, "Idempotency-Key: sent again with the same key, it is done once");
    if (options->verb == "shelve") command->add_option("--until", options->until, "The end, RFC 3339")->required();
    if (options->verb == "assign") command->add_option("--assignee", options->assignee, "Who has it from now on");
    command->callback(
        [options, &chosen] { chosen = [options](Console& console) { return run(*options, console, true); }; });
}

}  // namespace

void add_alert(CLI::App& app, Action& chosen) {
    CLI::App* alert = app.add_subcommand("alert", "Alerts, their histories, and what people do with them");
    alert->require_subcommand(1);
    add_reading(*alert, chosen, "list", "Alerts and their stages, now or as of any time");
    add_reading(*alert, chosen, "show", "One alert");
    add_reading(*alert, chosen, "history", "Every step of one alert");
    for (const VerbRow& verb : kActs) add_acting(*alert, chosen, verb);
}

}  // namespace cellvigil::tools
