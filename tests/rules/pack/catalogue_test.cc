#include "rules/pack/catalogue.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "51 patients, response 91 %, complete 75 %" is impossible with 51; 32 and 44 give both.
TEST(Catalogue, denominators_that_fit_printed_percentages) {
    EXPECT_THAT(candidate_denominators({91, 75}, 51), ElementsAre(32, 44));
    EXPECT_THAT(candidate_denominators({100}, 3), ElementsAre(1, 2, 3));
    EXPECT_THAT(candidate_denominators({33, 50}, 5), IsEmpty());
}

TEST(Catalogue, counts_that_fit_a_printed_percentage) {
    EXPECT_THAT(candidate_counts(42, 269), ElementsAre(112, 113, 114));
    EXPECT_THAT(candidate_counts(83, 180), ElementsAre(149, 150));
    EXPECT_THAT(candidate_counts(6, 16), ElementsAre(1));  // 6.25
    EXPECT_THAT(candidate_counts(13, 8), ElementsAre(1));  // 12.5 rounds up
    EXPECT_THAT(candidate_counts(12, 8), IsEmpty());
}

TEST(Catalogue, a_product_is_found_under_each_of_its_names_whatever_the_case) {
    Catalogue catalogue;
    catalogue.products.push_back({"prizlon-cel", {"prizlon-cel", "C-CAR039", "JNJ-90014496"}, {"CD19"}, "4-1BB", ""});
    ASSERT_NE(product_named(catalogue, "c-car039"), nullptr);
    EXPECT_EQ(product_named(catalogue, "jnj-90014496")->id, "prizlon-cel");
    EXPECT_EQ(product_named(catalogue, "C-CAR03"), nullptr);
}

// Sites send what a patient was given by its ATC code: a cohort of the product must count them.
TEST(Catalogue, a_product_is_found_by_its_atc_code_unless_several_have_it) {
    Catalogue catalogue;
    catalogue.products.push_back({"axi-cel", {"axi-cel"}, {"CD19"}, "CD28", "L01XL03"});
    catalogue.products.push_back({"relma-cel", {"relma-cel"}, {"CD19"}, "4-1BB", ""});
    ASSERT_NE(product_named(catalogue, "L01XL03"), nullptr);
    EXPECT_EQ(product_named(catalogue, "l01xl03")->id, "axi-cel");
    EXPECT_EQ(product_named(catalogue, "L01XL04"), nullptr);
    EXPECT_EQ(product_named(catalogue, ""), nullptr);
    catalogue.products.push_back({"other-cel", {"other-cel"}, {"CD19"}, "CD28", "L01XL03"});
    EXPECT_EQ(product_named(catalogue, "L01XL03"), nullptr);
    EXPECT_EQ(product_named(catalogue, "axi-cel")->id, "axi-cel");
}

TEST(Catalogue, only_the_first_three_tiers_may_be_priors) {
    EXPECT_TRUE(may_be_prior(SourceTier::primary));
    EXPECT_TRUE(may_be_prior(SourceTier::label));
    EXPECT_FALSE(may_be_prior(SourceTier::review));
    EXPECT_FALSE(may_be_prior(SourceTier::promotional));
}

TEST(Catalogue, every_endpoint_is_found_by_its_name) {
    for (int i = 0; i < kReportedEndpoints; ++i) {
        const auto endpoint = static_cast<ReportedEndpoint>(i);
        EXPECT_EQ(reported_endpoint_of(row_of(endpoint).name), endpoint);
    }
    EXPECT_EQ(reported_endpoint_of("crs_33"), std::nullopt);
}

}  // namespace
}  // namespace cellvigil
