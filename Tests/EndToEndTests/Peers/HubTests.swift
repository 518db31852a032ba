import Testing

extension PeerTests {
    @Suite("Security Hub")
    struct HubTests {
        @Test("an update of note, workflow and fields arrives, and leaves UpdatedAt alone")
        func updates() async throws { try await HubStories.updates() }

        @Test("one character too many in a note, and one finding too many in an import, are refused whole")
        func refusesTooMuch() async throws { try await HubStories.refusesTooMuch() }

        @Test("a finding that was not processed is a fault, although the call succeeded")
        func namesUnprocessed() async throws { try await HubStories.namesUnprocessed() }

        @Test("findings are imported one by one, and read page by page")
        func imports() async throws { try await HubStories.imports() }

        @Test("a wrong secret and an unknown key are not authenticated")
        func refusesStrangers() async throws { try await HubStories.refusesStrangers() }

        @Test("a right that is missing is named by the fault")
        func namesMissingRights() async throws { try await HubStories.namesMissingRights() }

        @Test("a throttled update goes out again until it is through, and takes effect once")
        func repeatsWhatFailed() async throws { try await HubStories.repeatsWhatFailed() }

        @Test("an update whose answer was lost is never sent again by itself")
        func doesNotGuessAboutLostAnswers() async throws { try await HubStories.doesNotGuessAboutLostAnswers() }
    }
}

extension SecondJudgeTests {
    @Suite("Security Hub")
    struct HubTests {
        @Test("an update of note, workflow and fields arrives, and leaves UpdatedAt alone")
        func updates() async throws { try await HubStories.updates() }

        @Test("one character too many in a note, and one finding too many in an import, are refused whole")
        func refusesTooMuch() async throws { try await HubStories.refusesTooMuch() }

        @Test("a finding that was not processed is a fault, although the call succeeded")
        func namesUnprocessed() async throws { try await HubStories.namesUnprocessed() }

        @Test("findings are imported one by one, and read page by page")
        func imports() async throws { try await HubStories.imports() }

        @Test("a wrong secret and an unknown key are not authenticated")
        func refusesStrangers() async throws { try await HubStories.refusesStrangers() }

        @Test("a right that is missing is named by the fault")
        func namesMissingRights() async throws { try await HubStories.namesMissingRights() }

        @Test("a throttled update goes out again until it is through, and takes effect once")
        func repeatsWhatFailed() async throws { try await HubStories.repeatsWhatFailed() }

        @Test("an update whose answer was lost is never sent again by itself")
        func doesNotGuessAboutLostAnswers() async throws { try await HubStories.doesNotGuessAboutLostAnswers() }
    }
}
