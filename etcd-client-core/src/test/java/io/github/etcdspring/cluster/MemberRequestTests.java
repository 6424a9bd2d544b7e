/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.MemberId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link MemberAddRequest} and {@link MemberUpdateRequest}.
 */
class MemberRequestTests {

	private static final String EXPECTED = " (expected: http://host:port or https://host:port, without a path)";

	@ParameterizedTest
	@ValueSource(strings = { "http://host:2380", "https://10.0.0.1:2380", "http://[::1]:2380", "unix://peer:2380",
			"unixs://peer" })
	void takesTheUrlOfAPeer(String url) {
		assertThat(MemberAddRequest.of(url).peerUrls()).containsExactly(url);
		assertThat(MemberUpdateRequest.of(new MemberId(7), url).peerUrls()).containsExactly(url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "host:2380", "http://host", "http://:2380", "http://host:2380/path",
			"http://host:2380/", "http://host:2380?a=b", "http://host:2380#a", "ftp://host:2380", "http://ho st:2380",
			"//host:2380" })
	void refusesWhatIsNoUrlOfAPeer(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> MemberAddRequest.of("http://host:2380", url))
			.withMessage("peer URL: " + url + EXPECTED);
		assertThatIllegalArgumentException().isThrownBy(() -> MemberUpdateRequest.of(new MemberId(7), url))
			.withMessage("peer URL: " + url + EXPECTED);
	}

	@Test
	void refusesAMemberThatCanNotBeReached() {
		assertThatIllegalArgumentException().isThrownBy(MemberAddRequest::of).withMessage("peer URLs: none" + EXPECTED);
		assertThatIllegalArgumentException().isThrownBy(() -> MemberUpdateRequest.of(new MemberId(7)))
			.withMessage("peer URLs: none" + EXPECTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://user:S3CR3T@host:2380", "http://user:S3CR3T@ho st:2380" })
	void keepsAPasswordOutOfItsMessage(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> MemberAddRequest.of(url))
			.withMessageStartingWith("peer URL: http://***@ho")
			.withNoCause();
	}

	@Test
	void makesALearnerOfTheSameMember() {
		MemberAddRequest voter = MemberAddRequest.of("http://host:2380", "http://other:2380");

		assertThat(voter.learner()).isFalse();
		assertThat(voter.asLearner()).isEqualTo(new MemberAddRequest(voter.peerUrls(), true));
	}

	@Test
	void isNotReachedByLaterChangesOfItsLists() {
		List<String> urls = new ArrayList<>(List.of("http://host:2380"));
		MemberAddRequest request = new MemberAddRequest(urls, false);
		Member member = new Member(new MemberId(7), "n1", urls, urls, false);

		urls.clear();

		assertThat(request.peerUrls()).hasSize(1);
		assertThat(member.peerUrls()).hasSize(1);
		assertThat(member.clientUrls()).hasSize(1);
	}

}
