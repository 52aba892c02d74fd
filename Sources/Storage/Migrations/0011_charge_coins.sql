-- What a crypto charge is paid with: BTC, ETH or USDT.
ALTER TABLE charges ADD COLUMN coin text;
