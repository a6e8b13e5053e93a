// What pgjdbc tells a tool of tables with our types and of the reporting views.
import java.sql.*;
import java.util.*;

public class Jdbc {
	static void check(boolean holds, String name) {
		System.out.println((holds ? "ok" : "not ok") + " - JDBC: " + name);
	}

	static List<String[]> columns(DatabaseMetaData meta, String schema) throws SQLException {
		List<String[]> found = new ArrayList<>();
		try (ResultSet r = meta.getColumns(null, schema, "%", "%")) {
			while (r.next())
				found.add(new String[] { r.getString("TABLE_NAME"), r.getString("COLUMN_NAME"), r.getString("TYPE_NAME"),
					r.getString("DATA_TYPE"), r.getString("REMARKS") });
		}
		return found;
	}

	public static void main(String[] args) throws Exception {
		Map<String, Integer> kinds = Map.of("text", Types.VARCHAR, "date", Types.DATE, "numeric", Types.NUMERIC,
			"int4", Types.INTEGER, "int8", Types.BIGINT, "bool", Types.BIT);
		Set<String> ours = Set.of("bn9", "program_account", "duty_history");

		try (Connection db = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/broker",
				"broker", System.getenv("CARM_PASSWORD"))) {
			DatabaseMetaData meta = db.getMetaData();
			List<String[]> views = columns(meta, "reporting");
			check(views.size() > 60 && views.stream().allMatch(c -> kinds.containsKey(c[2]) && kinds.get(c[2]) == Integer.parseInt(c[3])),
				views.size() + " columns of the views are text, days, money, integers and booleans");
			check(views.stream().allMatch(c -> c[4] != null), "each has its comment as a remark");
			List<String[]> tables = columns(meta, "public");
			long named = tables.stream().filter(c -> ours.contains(c[2])).count();
			check(named > 10 && tables.stream().filter(c -> ours.contains(c[2])).allMatch(c -> Integer.parseInt(c[3]) == Types.OTHER
				|| Integer.parseInt(c[3]) == Types.DISTINCT), named + " columns of our types have their names");

			Map<String, Integer> listed = new HashMap<>();
			try (ResultSet r = meta.getTypeInfo()) {
				while (r.next())
					listed.put(r.getString("TYPE_NAME"), r.getInt("DATA_TYPE"));
			}
			check(listed.keySet().containsAll(kinds.keySet()) && listed.keySet().containsAll(ours), "the driver lists these types");

			Set<String> keys = new TreeSet<>();
			try (ResultSet r = meta.getPrimaryKeys(null, "public", "accounts")) {
				while (r.next())
					keys.add(r.getString("COLUMN_NAME"));
			}
			try (ResultSet r = meta.getImportedKeys(null, "public", "declarations")) {
				while (r.next())
					keys.add(r.getString("FKCOLUMN_NAME") + " of " + r.getString("PKTABLE_NAME"));
			}
			check(keys.equals(Set.of("account", "account of accounts")), "keys of our types: primary and foreign");

			try (PreparedStatement s = db.prepareStatement("SELECT account, number FROM accounts WHERE account = ?")) {
				s.setString(1, "078152618 rm 0001");
				try (ResultSet r = s.executeQuery()) {
					check(r.next() && r.getString(1).equals("078152618RM0001") && r.getObject(2).toString().equals("078152618"),
						"a row of a table by a bound account");
				}
			}
		}
	}
}
