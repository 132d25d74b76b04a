// Copies every stored dead letter to a topic, in order, from a cursor in the store: at least once. An oversize message
// is copied as its head; its length and SHA-256 stand in the headers, its bytes stay in the store.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/pipeline/shard.h"
#include "rules/base/result.h"

namespace cellvigil {

class DeadLetterCopies {
  public:
    virtual ~DeadLetterCopies() = default;  // stops
};

// `properties`: librdkafka's, of the producer.
Result<std::unique_ptr<DeadLetterCopies>> make_dead_letter_copies(std::string topic, std::string of_topic,
                                                                  std::map<std::string, std::string> properties,
                                                                  pipeline::OpenStore open_store);

}  // namespace cellvigil
