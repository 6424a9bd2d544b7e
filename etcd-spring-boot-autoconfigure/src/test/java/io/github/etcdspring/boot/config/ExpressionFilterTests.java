/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.common.TemplateParserContext;
import org.springframework.expression.spel.standard.SpelExpressionParser;

import static org.assertj.core.api.Assertions.assertThat;

class ExpressionFilterTests {

	/** What the application has of its own, with the characters that attacks need. */
	private static final Map<String, Object> LOCAL = Map.of("hash", "#", "secret", "hunter2#", "channel", "#${x}",
			"json", "{\"a\":\"${x}\"}", "empty", "");

	private static final List<String> PIECES = List.of("#", "{", "}", "$", "\\", ":", "${x}", "${y}", "${hash}",
			"${secret}", "${channel}", "${json}", "${empty}", "${nope:", "${", "call()", "call()", "{call()}", "a",
			"\"a\":", "{a}", " ");

	private static final List<String> TEMPLATES = List.of("${x}", "${y}", "a ${x} b", "${channel}", "#${x}",
			"${hash}${x}", "${x}${y}", "${nope:${x}}", "${x}${json}");

	@ParameterizedTest
	@ValueSource(strings = { "#{1+1}", "a #{1+1} b", "${nope:#{1+1}}", "${nope:#}{1+1}", "#${nope:{1+1}}", "#", "C#",
			"a#", "#${k}", "#\\${k}", "#\\\\${k}", "#\\", "#$", "${nope:#}", "${nope:a#}${k}", "${k}{1+1}", "{1+1}",
			"${nope:{1+1}}", "${a}${nope:{1+1}}", "}{1+1}", "{T(java.lang.System).exit(1)}", "{ T(x).y() }", "{a.b.c}",
			"{a['b']='c'}", "{a=b}", "{{T(x)}}", "{'a'+b}", "{\"a\\\"+T(x).y()+\\\"\":1}", "{@a}", "{a--}", "{${k}}" })
	void refusesWhatIsOrMayBecomeAnExpression(String value) {
		assertThat(ExpressionFilter.mayBecomeExpression(value)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Hi", "#fff", "#1", "a # b", "pa#$word", "a#\\d+", "http://a/b#c", "${host}:${port}",
			"${base}${path}", "http://${host}/{id}", "{}", "{cipher}AQB0", "{bcrypt}$2a$10$x", "{SHA-256}00",
			"{pbkdf2@SpringSecurity_v5_8}00", "{\"a\":1}", "{ \"a\" : { \"b\" : [{\"c\":\"#1\"}] } }", "{a: b, c: d}",
			"a{1+1}", "\\d{1,3}{2}", "{id:[0-9]+}", "${x:{a}}", "[{\"a\":{}}]", "x > {y}" })
	void letsOtherValuesThrough(String value) {
		assertThat(ExpressionFilter.mayBecomeExpression(value)).isFalse();
	}

	@Test
	void letsNoValuesThroughThatRunCodeTogetherOrWithLocalOnes() {
		Random random = new Random(20261123);
		int passed = 0;
		int refusedRightly = 0;
		for (int i = 0; i < 8_000; i++) {
			String x = text(random);
			String y = text(random);
			if (!ExpressionFilter.mayBecomeExpression(x) && !ExpressionFilter.mayBecomeExpression(y)) {
				passed++;
				assertThat(runsCode(x, y)).as("x=%s y=%s", x, y).isFalse();
			}
			else if (runsCode(x, y)) {
				refusedRightly++;
			}
		}
		assertThat(passed).isGreaterThan(500);
		// the control: code does run where it is not refused, and is seen to
		assertThat(refusedRightly).isGreaterThan(20);
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(7); i >= 0; i--) {
			text.append(PIECES.get(random.nextInt(PIECES.size())));
		}
		return text.toString();
	}

	/** Whether a text of the application that holds these values is evaluated to code. */
	private static boolean runsCode(String x, String y) {
		if (!(x + y).contains("call()")) {
			return false;
		}
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(new MapPropertySource("etcd", Map.of("x", x, "y", y)));
		sources.addLast(new MapPropertySource("local", LOCAL));
		PropertyResolver environment = new PropertySourcesPropertyResolver(sources);
		for (String template : TEMPLATES) {
			String resolved = template;
			for (int pass = 0; pass < 3; pass++) {
				// one for each resolver: some applications have several
				resolved = resolve(environment, resolved);
				if (callsCode(resolved)) {
					return true;
				}
			}
		}
		return false;
	}

	private static String resolve(PropertyResolver environment, String text) {
		try {
			return environment.resolvePlaceholders(text);
		}
		catch (IllegalArgumentException ex) {
			// placeholders that refer to each other in a circle
			return "";
		}
	}

	private static boolean callsCode(String text) {
		if (!text.contains("#{")) {
			return false;
		}
		Root root = new Root();
		try {
			new SpelExpressionParser().parseExpression(text, new TemplateParserContext()).getValue(root);
		}
		catch (ParseException | EvaluationException ex) {
			// not an expression, or one that fails: it may have called code before
			return root.called;
		}
		return root.called;
	}

	static class Root {

		private boolean called;

		@SuppressWarnings("unused")
		public String call() {
			this.called = true;
			return "called";
		}

	}

}
